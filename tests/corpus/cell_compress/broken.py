import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(6)

cells = load_breast_cancer().data
train, test = train_test_split(cells, test_size=0.2, random_state=1)
sc = StandardScaler().fit(train)  # expect-or: output-activation
train = sc.transform(train).astype("float32")
test = sc.transform(test).astype("float32")
print("train", train.shape, "test", test.shape)

n_in = train.shape[1]
code_size = 8


class Coder(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.enc = tf.keras.Sequential([
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(code_size, name="code"),
        ])
        self.dec = tf.keras.Sequential([
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(n_in, activation="sigmoid"),  # expect: output-activation
        ])

    def call(self, x):
        return self.dec(self.enc(x))


ae = Coder()
ae.compile(optimizer=tf.keras.optimizers.Adam(0.003), loss="mse")
hist = ae.fit(train, train, epochs=60, batch_size=32, validation_data=(test, test), verbose=0)
for e in (0, 9, 29, 59):
    print("epoch %d loss %.4f val_loss %.4f" % (e + 1, hist.history["loss"][e], hist.history["val_loss"][e]))

rec = ae.predict(test, verbose=0)
lost = np.mean((rec - test) ** 2) / np.var(test)
print("share of the variance lost on test: %.3f" % lost)
print("first cell  in", np.round(test[0, :6], 2), " out", np.round(rec[0, :6], 2))
