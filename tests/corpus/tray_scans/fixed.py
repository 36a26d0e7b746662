"""Read the digits off sorted trays.

The scanner works tray by tray (all zeros, then all ones, ...), and that is the order in which
`scans` hands them over. What the input pipeline does is set in pipeline.ini.
"""
import configparser

import keras
import numpy as np
import tensorflow as tf
from keras import layers

config = configparser.ConfigParser()
with open("pipeline_2.ini") as handle:
    config.read_file(handle)

keras.utils.set_random_seed(config.getint("fit", "seed"))
SIDE = config.getint("images", "side")


def scans(images, digits):
    """A generator function over the trays."""
    trays = [np.flatnonzero(digits == d) for d in range(10)]

    def generate():
        for digit, tray in enumerate(trays):
            for i in tray:
                yield images[i][..., None], digit

    return generate


def dataset(images, digits, section):
    ds = tf.data.Dataset.from_generator(
        scans(images, digits),
        output_signature=(
            tf.TensorSpec((SIDE, SIDE, 1), tf.uint8),
            tf.TensorSpec((), tf.int32),
        ),
    )
    levels = config.getfloat("images", "levels")
    ds = ds.map(lambda image, digit: (tf.cast(image, tf.float32) / levels, digit)).cache()
    if "shuffle_buffer" in section:
        ds = ds.shuffle(section.getint("shuffle_buffer"))
    return ds.batch(section.getint("batch")).prefetch(section.getint("prefetch"))


def reader():
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )


(images, digits), (new_images, new_digits) = keras.datasets.mnist.load_data()
config["check"] = {"batch": "250", "prefetch": "1"}
train = dataset(images, digits, config["train"])
check = dataset(new_images, new_digits, config["check"])

model = reader()
model.compile(
    optimizer=keras.optimizers.Adam(config.getfloat("fit", "learning_rate")),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(train, validation_data=check, epochs=config.getint("fit", "epochs"), verbose=2)
print("digits read correctly: %.3f" % model.evaluate(check, verbose=0)[1])
