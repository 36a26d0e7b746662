import json
import numpy as np, pandas as pd, tensorflow as tf
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, recall_score

tf.random.set_seed(19); np.random.seed(19)
WEIGHTS_FILE = 'weights_feb.json'

df = pd.read_csv('coupons.csv')
df = pd.get_dummies(df, columns=['region'], dtype=float)
y = df.pop('redeemed').to_numpy('float32')
idx = np.random.permutation(len(df))
tr, va = idx[:2000], idx[2000:]
mu, sd = df.iloc[tr].mean(), df.iloc[tr].std()
X = ((df - mu) / sd).to_numpy('float32')
print('rows', len(df), ' redeemed share %.3f' % y.mean())

with open(WEIGHTS_FILE) as fh:
    class_weight = {int(k): float(v) for k, v in json.load(fh).items()}

net = tf.keras.Sequential([
    tf.keras.Input((X.shape[1],)),
    tf.keras.layers.Dense(8, 'relu'),
    tf.keras.layers.Dense(8, 'relu'),
    tf.keras.layers.Dense(8, 'relu'),
    tf.keras.layers.Dense(1, 'sigmoid'),
])
net.compile(tf.keras.optimizers.Adam(3e-3), 'binary_crossentropy',
            weighted_metrics=[], metrics=['accuracy'])

class Confusion(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 5 == 4:
            p = self.model.predict(X[va], verbose=0)[:, 0] > .5
            print('epoch', epoch + 1, {k: round(float(v), 4) for k, v in logs.items()})
            print(confusion_matrix(y[va], p) / len(va))

net.fit(X[tr], y[tr], batch_size=64, epochs=20, verbose=0,
        class_weight=class_weight, callbacks=[Confusion()])

p = net.predict(X[va], verbose=0)[:, 0] > .5
print('recall of redeemed  %.3f' % recall_score(y[va], p))
print('balanced accuracy   %.3f' % balanced_accuracy_score(y[va], p))
