"""A step that XLA compiles, with deterministic ops."""

import json

import keras, tensorflow as tf

keras.utils.set_random_seed(5)
tf.config.experimental.enable_op_determinism()
x = tf.random.normal((512, 10)); y = tf.sin(x[:, :1]) + 0.5 * x[:, 1:2]
model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(24, "tanh"), keras.layers.Dense(1)])
optimizer = keras.optimizers.RMSprop(0.005)
optimizer.build(model.trainable_variables)
@tf.function(jit_compile=True)
def step(x, y):
    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x, training=True))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss
for i in range(80):
    rows = slice(i % 8 * 64, i % 8 * 64 + 64)
    loss = step(x[rows], y[rows])
print(json.dumps([one.numpy().tolist() for one in model.trainable_variables]))
