# Income band (low / middle / high) from 15 self reported profile fields.
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow.keras import Input, regularizers, utils
from tensorflow.keras.callbacks import Callback
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adamax

seed = 7
utils.set_random_seed(seed)


def fake_profiles(n):
    rng = np.random.RandomState(seed)
    df = pd.DataFrame({
        'age': rng.randint(20, 65, n),
        'height': rng.normal(68, 4, n),
        'education': rng.choice(['school', 'college', 'masters', 'phd'], n, p=[.3, .4, .2, .1]),
        'job': rng.choice(['student', 'art', 'office', 'medicine', 'computer', 'law'], n),
        'drinks': rng.choice(['never', 'socially', 'often'], n),
        'pets': rng.choice(['cats', 'dogs', 'none'], n),
        'city': rng.choice(list('ABCDEFGH'), n),
    })
    s = (df.education.map({'school': 0, 'college': 1.3, 'masters': 2.2, 'phd': 3.0})
         + df.job.map({'student': -2.5, 'art': -1, 'office': 0.5, 'medicine': 2.2, 'computer': 2, 'law': 2.4})
         + (df.age - 42) / 9.0 + rng.normal(0, 0.5, n))
    band = pd.qcut(s, 3, labels=False)
    return df, band.values


class LossHistory(Callback):
    def on_train_begin(self, logs=None):
        self.rows = []

    def on_epoch_end(self, epoch, logs=None):
        self.rows.append(dict(logs))


df, band = fake_profiles(3000)
X = pd.get_dummies(df, columns=['education', 'job', 'drinks', 'pets', 'city']).astype('float32')
for c in ('age', 'height'):
    X[c] = (X[c] - X[c].mean()) / X[c].std()
Y = np.eye(3)[band]
X_tr, X_va, Y_tr, Y_va = train_test_split(X.values, Y, test_size=0.3, random_state=seed)
print(X_tr.shape, X_va.shape)

for hl1 in [64]:
    model = Sequential()
    model.add(Input(shape=(X_tr.shape[1],)))
    model.add(Dense(hl1, kernel_initializer='he_normal', activation='relu',
                    kernel_regularizer=regularizers.l1_l2(l1=1e-5, l2=1e-4)))
    model.add(Dropout(0.5, seed=seed))
    model.add(Dense(3, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer=Adamax(0.002), metrics=['accuracy'])
    log = LossHistory()
    model.fit(X_tr, Y_tr, validation_data=(X_va, Y_va), epochs=30, batch_size=24, verbose=0, callbacks=[log])
    print('hidden', hl1)
    for k in (0, 5, 11, 17, 23, 29):
        r = log.rows[k]
        print('  epoch %2d  loss %.3f acc %.3f | val_loss %.3f val_acc %.3f'
              % (k + 1, r['loss'], r['accuracy'], r['val_loss'], r['val_accuracy']))
