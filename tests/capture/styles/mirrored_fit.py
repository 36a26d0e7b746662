"""Two replicas of a mirrored strategy in fit."""

import keras, numpy as np, tensorflow as tf

cpu, = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
keras.utils.set_random_seed(1)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
rng = np.random.default_rng(0)
x = rng.normal(size=(640, 12)).astype("float32")
y = (x @ rng.normal(size=(12, 3))).argmax(1)
with strategy.scope():
    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(16, "relu"), keras.layers.Dropout(0.1), keras.layers.Dense(3)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = model.fit(x[:512], y[:512], batch_size=64, epochs=6, verbose=0, validation_data=(x[512:], y[512:]))
print(history.history, [float(np.abs(one).sum()) for one in model.get_weights()])
