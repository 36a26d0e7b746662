"""Network and forward pass shared by the training and the inspection scripts."""
import tensorflow as tf
from tensorflow.keras import Input, Model, layers


def stage(x, filters, pool=True):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
    return layers.MaxPooling2D()(x) if pool else x


def make_net(classes=10):
    inp = Input((28, 28, 1))
    x = stage(inp, 12)
    x = stage(x, 24)
    x = layers.Flatten()(x)
    x = layers.Dense(48, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
    return Model(inp, layers.Dense(classes)(x))


def forward(net, images, training=True):
    """Scale bytes to unit range and return logits."""
    images = tf.cast(images, tf.float32)[..., None] / 255.0
    return net(images, training=training)
