"""Two sources that are drawn from by turns, each shuffled by itself, before the batches are made."""

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)


def source(offset, buffer):
    x = rng.normal(size=(40, 3)).astype("float32") + offset
    return tf.data.Dataset.from_tensor_slices((x, (x[:, 0] > offset).astype("int32"))).shuffle(buffer)


mixed = tf.data.Dataset.sample_from_datasets([source(0.0, 7), source(2.0, 9)], weights=[0.5, 0.5], seed=1)
mixed = mixed.map(lambda x, y: (x * 2.0, y)).batch(8)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
optimizer = keras.optimizers.SGD(0.1)
for x, y in mixed:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x)))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
