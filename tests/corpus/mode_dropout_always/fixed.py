import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras.layers import Dense, Dropout, Layer
from tensorflow.keras.models import Sequential

tf.keras.utils.set_random_seed(4)

digits = load_digits()
X = digits.data.astype("float32") / 16
T = tf.keras.utils.to_categorical(digits.target, 10)
X_tr, X_te, T_tr, T_te = train_test_split(X, T, test_size=0.3, random_state=4)


class Block(Layer):
    def __init__(self, n, rate=0.5):
        super().__init__()
        self.dense = Dense(n, activation="relu")
        self.drop = Dropout(rate)

    def call(self, t, training=None):
        return self.drop(self.dense(t), training=training)


model = Sequential([Block(40), Block(24), Dense(10, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(X_tr, T_tr, epochs=40, batch_size=32, validation_data=(X_te, T_te), verbose=2)

p = model.predict(X_te, verbose=0)
q = model.predict(X_te, verbose=0)
print("test accuracy %.3f" % np.mean(p.argmax(1) == T_te.argmax(1)))
print("two predictions agree on %.3f" % np.mean(p.argmax(1) == q.argmax(1)))
