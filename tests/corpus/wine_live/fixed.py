# which of three wines is in the glass? the sensor box delivers one sample at a time
import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(20)

wine = load_wine()
xtr, xte, ytr, yte = train_test_split(wine.data, wine.target, test_size=0.3,
                                      random_state=8, stratify=wine.target)
mu, sd = xtr.mean(axis=0), xtr.std(axis=0)
xtr = ((xtr - mu) / sd).astype("float32")
xte = ((xte - mu) / sd).astype("float32")


class WineNet(keras.Model):
    def __init__(self, hidden=32):
        super().__init__()
        self.fc1 = layers.Dense(hidden)
        self.bn1 = layers.BatchNormalization(momentum=0.9)
        self.fc2 = layers.Dense(hidden)
        self.bn2 = layers.BatchNormalization(momentum=0.9)
        self.head = layers.Dense(3, activation="softmax")

    def call(self, x, training=None):
        h = keras.ops.relu(self.bn1(self.fc1(x), training=training))
        h = keras.ops.relu(self.bn2(self.fc2(h), training=training))
        return self.head(h)


class Live(keras.callbacks.Callback):
    """plays the test samples as the box does"""

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 10 == 9:
            ok = 0
            for row, want in zip(xte, yte):
                p = self.model(row[None, :], training=False)
                ok += int(np.argmax(p[0]) == want)
            print("   live after epoch", epoch + 1, ":", ok, "of", len(yte))


net = WineNet()
net.compile(optimizer=keras.optimizers.Adam(0.005),
            loss="sparse_categorical_crossentropy", metrics=["accuracy"])
hist = net.fit(xtr, ytr, epochs=40, batch_size=31, validation_data=(xte, yte),
               validation_batch_size=1, callbacks=[Live()], verbose=0)
for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
    print(name, np.round(hist.history[name][-4:], 3))
