"""Clothing classifier, hand-written training with compiled forward pass.

`forward` is compiled once and shared by the training step, the evaluation and
(later) the exporter, so that there is a single traced graph of the network.
"""
import time
import tensorflow as tf
import keras
from keras import layers as L

SEED, BATCH, EPOCHS = 9, 32, 10
keras.utils.set_random_seed(SEED)

(train_images, train_labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()


def prepare(images, labels, training):
    images = tf.cast(images[..., None], tf.float32) / 255.0
    ds = tf.data.Dataset.from_tensor_slices((images, tf.cast(labels, tf.int32)))
    if training:
        ds = ds.shuffle(len(labels), seed=SEED)
    return ds.batch(BATCH if training else 250).prefetch(tf.data.AUTOTUNE)


train_ds = prepare(train_images, train_labels, True)
test_ds = prepare(test_images, test_labels, False)

inputs = keras.Input((28, 28, 1))
t = L.Conv2D(12, 3, strides=2, activation="relu")(inputs)
t = L.Conv2D(24, 3, strides=2, activation="relu")(t)
t = L.Flatten()(t)
t = L.Dense(48, activation="relu")(t)
outputs = L.Dense(10, name="garment")(t)
network = keras.Model(inputs, outputs)


@tf.function(reduce_retracing=True)
def forward(batch, training):
    return network(batch, training=training)


cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
seen_loss = keras.metrics.Mean()
seen_acc = keras.metrics.SparseCategoricalAccuracy()


@tf.function
def train_on(batch, target):
    with tf.GradientTape() as tape:
        prediction = forward(batch, True)
        loss = cross_entropy(target, prediction)
    gradient = tape.gradient(loss, network.trainable_weights)
    optimizer.apply_gradients(zip(gradient, network.trainable_weights))
    seen_loss.update_state(loss)
    seen_acc.update_state(target, prediction)


def test_accuracy():
    acc = keras.metrics.SparseCategoricalAccuracy()
    for batch, target in test_ds:
        acc.update_state(target, forward(batch, False))
    return float(acc.result())


began = time.time()
for epoch in range(EPOCHS):
    seen_loss.reset_state()
    seen_acc.reset_state()
    for batch, target in train_ds:
        train_on(batch, target)
    print("epoch {:d}: loss {:.4f}, accuracy {:.3f}, test accuracy {:.3f}".format(
        epoch, float(seen_loss.result()), float(seen_acc.result()), test_accuracy()))

print("test accuracy: {:.3f}  ({:.0f} s)".format(test_accuracy(), time.time() - began))
