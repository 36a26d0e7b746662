import json
import os

import numpy as np
import tensorflow as tf

BASE = os.path.dirname(os.path.abspath(__file__))
AUTOTUNE = tf.data.AUTOTUNE


class Config:
    def __init__(self, path):
        with open(path) as fh:
            self.__dict__.update(json.load(fh))

    def __repr__(self):
        return "Config(%s)" % ", ".join("%s=%r" % kv for kv in sorted(self.__dict__.items()))


def preprocess(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return image[..., tf.newaxis], tf.cast(label, tf.int32)


def make_train(cfg, images, labels):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    ds = ds.shuffle(cfg.shuffle_buffer, seed=cfg.seed)  # expect: pipeline-order  # expect-or: unshuffled
    ds = ds.map(preprocess, num_parallel_calls=AUTOTUNE)
    return ds.batch(cfg.batch_size).prefetch(AUTOTUNE)


def make_eval(cfg, images, labels):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    return ds.map(preprocess, num_parallel_calls=AUTOTUNE).batch(cfg.batch_size).prefetch(AUTOTUNE)


def make_model(cfg):
    m = tf.keras.Sequential([
        tf.keras.Input((28, 28, 1)),
        tf.keras.layers.AveragePooling2D(2),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(cfg.hidden, activation="relu"),
        tf.keras.layers.Dense(cfg.hidden // 2, activation="relu"),
        tf.keras.layers.Dense(10),
    ])
    m.compile(
        optimizer=tf.keras.optimizers.SGD(cfg.lr, momentum=0.9),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return m


if __name__ == "__main__":
    cfg = Config(os.path.join(BASE, "config.json"))
    print(cfg)
    tf.keras.utils.set_random_seed(cfg.seed)

    data = np.load(os.path.join(BASE, "fashion.npz"))
    train_ds = make_train(cfg, data["train_images"], data["train_labels"])
    valid_ds = make_eval(cfg, data["valid_images"], data["valid_labels"])

    model = make_model(cfg)
    h = model.fit(train_ds, validation_data=valid_ds, epochs=cfg.epochs, verbose=2)

    print("best valid accuracy %.3f, last %.3f" % (
        max(h.history["val_accuracy"]), h.history["val_accuracy"][-1]))
    counts = np.bincount(model.predict(valid_ds, verbose=0).argmax(1), minlength=10)
    print("predicted class counts:", counts.tolist())
