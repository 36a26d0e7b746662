# kaggle-style baseline: will the loan default?
import os

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras import ops

SEED = 17
keras.utils.set_random_seed(SEED)

loans = pd.read_csv(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'loans.csv'))
print(loans.shape, 'default rate', loans['defaulted'].mean().round(3))

# ---- features ---------------------------------------------------------------
loans['years_employed'] = loans['years_employed'].fillna(loans['years_employed'].median())
loans['instalment_share'] = loans['amount'] / loans['term'] * 12 / loans['income']
for money in ['income', 'amount']:
    loans[money] = np.log(loans[money])
loans = pd.get_dummies(loans, columns=['home', 'purpose', 'term'], dtype=float)

y = loans.pop('defaulted').astype('float32')
X_train, X_test, y_train, y_test = train_test_split(
    loans, y, test_size=0.2, stratify=y, random_state=SEED)
X_train, X_val, y_train, y_val = train_test_split(
    X_train, y_train, test_size=0.2, stratify=y_train, random_state=SEED)
mean, std = X_train.mean(), X_train.std()
X_train, X_val, X_test = [((d - mean) / std).astype('float32').values for d in (X_train, X_val, X_test)]
y_train, y_val, y_test = [v.values for v in (y_train, y_val, y_test)]


# ---- metric (keras had none in the version this comes from) -------------------
def f1(y_true, y_pred):
    y_true = ops.reshape(ops.cast(y_true, 'float32'), (-1,))
    hit = ops.cast(ops.reshape(y_pred, (-1,)) > 0.5, 'float32')
    tp = ops.sum(hit * y_true)
    precision = tp / (ops.sum(hit) + K.epsilon())
    recall = tp / (ops.sum(y_true) + K.epsilon())
    return 2 * precision * recall / (precision + recall + K.epsilon())


# ---- model --------------------------------------------------------------------
model = keras.Sequential([
    keras.layers.Input((X_train.shape[1],)),
    keras.layers.Dense(64, activation='relu'),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(32, activation='relu'),
    keras.layers.Dense(1, activation='sigmoid'),
])
model.compile(optimizer=keras.optimizers.SGD(0.004, momentum=0.9),
              loss='binary_crossentropy', metrics=[keras.metrics.AUC(name='auc'), f1])

callbacks = [
    keras.callbacks.ReduceLROnPlateau(monitor='val_auc', mode='max', factor=0.2,
                                      patience=2, min_lr=1e-6, verbose=0),
]
log = model.fit(X_train, y_train, validation_data=(X_val, y_val),
                batch_size=64, epochs=40, callbacks=callbacks, verbose=0)

table = pd.DataFrame(log.history)
print(table.iloc[::4].round(4).to_string())
prob = model.predict(X_test, verbose=0)[:, 0]
print('test F1 %.3f   test accuracy %.3f' % (f1_score(y_test, prob > 0.5),
                                             np.mean((prob > 0.5) == (y_test == 1))))
