import numpy as np
from keras.layers import BatchNormalization, Conv1D, Dense, GlobalMaxPooling1D, Input
from keras.models import Sequential
from keras.optimizers import Adam
from keras.utils import set_random_seed, to_categorical
from sklearn.metrics import balanced_accuracy_score, recall_score

set_random_seed(31)
NAMES = ['spike', 'step', 'ripple', 'nothing']
LENGTH = 48
SHARES = [0.012, 0.012, 0.012, 0.964]


def shape_of(kind, t, rng):
    c = rng.uniform(12, 36)
    if kind == 0:
        return 1.4 * np.exp(-((t - c) / 2.0) ** 2)
    if kind == 1:
        return 0.55 / (1 + np.exp(-(t - c)))
    if kind == 2:
        return 1.2 * np.sin((t - c) * 1.3) * np.exp(-((t - c) / 6.0) ** 2)
    return np.zeros_like(t)


def record(n, shares, seed):
    rng = np.random.default_rng(seed)
    kinds = rng.choice(4, size=n, p=shares)
    t = np.arange(LENGTH, dtype=float)
    X = np.stack([shape_of(k, t, rng) for k in kinds]) + 0.6 * rng.standard_normal((n, LENGTH))
    return X[..., None].astype('float32'), kinds


X_train, k_train = record(9000, SHARES, 1)
X_test, k_test = record(4000, SHARES, 2)
Y_train = to_categorical(k_train, 4)
Y_test = to_categorical(k_test, 4)
counts = np.bincount(k_train, minlength=4)
print('training windows per class:', dict(zip(NAMES, counts.tolist())))

model = Sequential()
model.add(Input(shape=X_train.shape[1:]))
model.add(Conv1D(16, 7, activation='relu'))
model.add(BatchNormalization(momentum=0.9))
model.add(Conv1D(16, 5, activation='relu'))
model.add(BatchNormalization(momentum=0.9))
model.add(GlobalMaxPooling1D())
model.add(Dense(4, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer=Adam(1e-3), metrics=['accuracy'])

model.fit(X_train, Y_train, batch_size=64, epochs=7, verbose=2,  # expect: class-imbalance
          validation_data=(X_test, Y_test))  # expect-or: class-imbalance

pred = model.predict(X_test, verbose=0).argmax(axis=1)
print('accuracy          %.3f' % (pred == k_test).mean())
print('balanced accuracy %.3f' % balanced_accuracy_score(k_test, pred))
for name, r in zip(NAMES, recall_score(k_test, pred, average=None, labels=range(4), zero_division=0)):
    print('  recall of %-8s %.2f' % (name, r))
print('predicted windows per class:', dict(zip(NAMES, np.bincount(pred, minlength=4).tolist())))
