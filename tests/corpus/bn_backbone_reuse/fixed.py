"""
Transfer learning in one file.

1. A small convolutional encoder with batch normalisation learns MNIST.
2. Its features feed a new head that tells Fashion-MNIST classes apart.
3. The model is served one picture at a time.
"""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(31)


def prepare(module):
    (x, y), (xt, yt) = module.load_data()
    to_float = lambda a: (a[..., np.newaxis] / 255.0).astype(np.float32)
    return to_float(x), y, to_float(xt), yt


def make_encoder():
    x = inputs = layers.Input((28, 28, 1))
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(48, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
    return tf.keras.Model(inputs, x, name="encoder")


class Classifier(tf.keras.Model):
    def __init__(self, encoder, classes):
        super().__init__()
        self.encoder = encoder
        self.drop = layers.Dropout(0.2)
        self.head = layers.Dense(classes, activation="softmax")

    def call(self, x, training=False):
        features = self.encoder(x, training=training)
        return self.head(self.drop(features, training=training))


def learn(model, x, y, epochs):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=64, epochs=epochs, verbose=2)
    return model


encoder = make_encoder()
x, y, _, _ = prepare(tf.keras.datasets.mnist)
learn(tf.keras.Sequential([encoder, layers.Dense(10, activation="softmax")]), x, y, epochs=4)

x, y, xt, yt = prepare(tf.keras.datasets.fashion_mnist)
model = learn(Classifier(encoder, 10), x, y, epochs=5)

served = [int(np.argmax(model(picture[None], training=False))) for picture in xt[:200]]
print("accuracy, one picture at a time: %.3f" % np.mean(np.array(served) == yt[:200]))
