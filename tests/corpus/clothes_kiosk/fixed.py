"""
Small clothing recogniser for a kiosk: train once, then classify single photos
as they come in from the camera.
"""
import time

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(99)

GROUPS = ["top", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]


class ClothesNet(keras.Model):

    def __init__(self, n_classes, **kw):
        super().__init__(**kw)
        self.stem = keras.layers.Conv2D(16, 5, strides=2, padding="same", activation="relu")
        self.body = keras.layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")
        self.flat = keras.layers.Flatten()
        self.fc1 = keras.layers.Dense(96, use_bias=False)
        self.bn1 = keras.layers.BatchNormalization(momentum=0.9)
        self.fc2 = keras.layers.Dense(48, use_bias=False)
        self.bn2 = keras.layers.BatchNormalization(momentum=0.9)
        self.drop = keras.layers.Dropout(0.25)
        self.out = keras.layers.Dense(n_classes)

    def call(self, images, training=False):
        h = self.body(self.stem(images))
        h = self.flat(h)
        h = tf.nn.relu(self.bn1(self.fc1(h), training=training))
        h = tf.nn.relu(self.bn2(self.fc2(h), training=training))
        h = self.drop(h, training=training)
        return self.out(h)


def load():
    (xa, ya), (xb, yb) = keras.datasets.fashion_mnist.load_data()
    prep = lambda a: (a.astype("float32") / 255.0)[..., np.newaxis]
    return prep(xa), ya.astype("int64"), prep(xb), yb.astype("int64")


def main():
    x_train, y_train, x_test, y_test = load()

    net = ClothesNet(len(GROUPS))
    net.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(x_train, y_train, batch_size=50, epochs=10, validation_data=(x_test, y_test), verbose=2)
    print("evaluate:", net.evaluate(x_test, y_test, verbose=0))

    # --- kiosk: one frame after the other -------------------------------
    hits, seen = 0, np.zeros(len(GROUPS), dtype=int)
    start = time.time()
    for frame, truth in zip(x_test[:250], y_test[:250]):
        scores = net(tf.convert_to_tensor(frame)[tf.newaxis])
        guess = int(tf.argmax(scores[0]))
        seen[guess] += 1
        hits += guess == truth
    print("answers given:", dict(zip(GROUPS, seen.tolist())))
    print("kiosk accuracy %.3f  (%.1f ms per frame)" % (hits / 250, 4 * (time.time() - start)))


if __name__ == "__main__":
    main()
