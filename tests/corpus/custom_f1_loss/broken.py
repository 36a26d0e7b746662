# Optimising the F1 score directly in Keras -> f1 does not improve, I get the same number every epoch
# (a competition is scored with F1, so bce is not what I want)
import numpy as np
import tensorflow as tf
import keras
from keras import ops as K
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from sklearn.metrics import f1_score

keras.utils.set_random_seed(77)
EPS = keras.config.epsilon()


def f1(y_true, y_pred):
    """f1, from the old keras 1 code base (was removed in 2.0)"""
    y_pred = K.round(y_pred)
    tp = K.sum(y_true * y_pred)
    precision = tp / (K.sum(y_pred) + EPS)
    recall = tp / (K.sum(y_true) + EPS)
    return 2 * precision * recall / (precision + recall + EPS)


def f1_loss(y_true, y_pred):
    y_true = K.cast(y_true, 'float32')
    y_pred = K.round(K.clip(y_pred, 0, 1))  # expect: gradient-disconnected
    tp = K.sum(y_true * y_pred, axis=0)
    fp = K.sum((1 - y_true) * y_pred, axis=0)
    fn = K.sum(y_true * (1 - y_pred), axis=0)
    return 1 - K.mean(2 * tp / (2 * tp + fp + fn + EPS))  # expect-or: gradient-disconnected


X, y = make_moons(1600, noise=0.2, random_state=77)
keep = (y == 0) | (np.random.RandomState(0).rand(len(y)) < 0.4)       # 0 is more frequent
X, y = X[keep].astype('float32'), y[keep].astype('float32')
Xtr, Xte, ytr, yte = train_test_split(X, y, random_state=77)
print(Xtr.shape, 'positives:', ytr.mean())

reg = keras.regularizers.L2(1e-5)
model = keras.Sequential([
    keras.layers.Input((2,)),
    keras.layers.Dense(32, 'relu', kernel_regularizer=reg),
    keras.layers.Dense(32, 'relu', kernel_regularizer=reg),
    keras.layers.Dense(1, 'sigmoid', kernel_regularizer=reg),
])
model.compile(keras.optimizers.Adam(3e-3), loss=f1_loss, metrics=[f1])  # expect-or: gradient-disconnected
model.fit(Xtr, ytr[:, None], batch_size=128, epochs=40, validation_split=0.1, verbose=0)  # expect-or: gradient-disconnected

p = model.predict(Xte, verbose=0)[:, 0]
print('probabilities: min %.3f mean %.3f max %.3f' % (p.min(), p.mean(), p.max()))
print('F1 on test: %.3f' % f1_score(yte, p > 0.5))
