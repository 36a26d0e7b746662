import tensorflow as tf, numpy as np
from functools import partial
(xa, ya), (xb, yb) = tf.keras.datasets.fashion_mnist.load_data()
prep = lambda im, lb: (tf.cast(im, tf.float32)[..., None]/255., lb)

def corrupt(im, lb, strength):
    """Sensor noise, so that the net does not rely on single pixels."""
    return im + tf.random.normal(tf.shape(im), stddev=strength), lb  # expect-or: input-noise

STRENGTH = 3.0  # expect: input-noise
train = tf.data.Dataset.from_tensor_slices((xa, ya)).map(prep).cache().shuffle(2000, seed=0).map(partial(corrupt, strength=STRENGTH)).batch(50)  # expect-or: input-noise
held = tf.data.Dataset.from_tensor_slices((xb, yb)).map(prep).batch(100)
tf.keras.utils.set_random_seed(0)
net = tf.keras.Sequential([tf.keras.layers.Input((28, 28, 1)), tf.keras.layers.Conv2D(16, 3, 2, activation='relu'), tf.keras.layers.Conv2D(32, 3, 2, activation='relu'),
    tf.keras.layers.Flatten(), tf.keras.layers.Dense(64, activation='relu'), tf.keras.layers.Dense(10)])
net.compile('adam', tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
net.fit(train, epochs=8, validation_data=held, verbose=2)
