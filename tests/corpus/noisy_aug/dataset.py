"""Data loading and augmentation."""
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def load(image_max, val_fraction, seed):
    d = load_digits()
    x = d.images[..., None].astype("float32") / image_max
    return train_test_split(x, d.target.astype("int32"), test_size=val_fraction,
                            stratify=d.target, random_state=seed)


class Augment:
    """Random shift (zero padded) followed by additive sensor noise."""

    def __init__(self, max_shift, noise_std):
        self.max_shift = max_shift
        self.noise_std = noise_std

    def __call__(self, image, label):
        k = self.max_shift
        if k:
            h, w = image.shape[0], image.shape[1]
            image = tf.pad(image, [[k, k], [k, k], [0, 0]])
            image = tf.image.random_crop(image, [h, w, 1])
        image = image + tf.random.normal(tf.shape(image), stddev=self.noise_std)
        return image, label
