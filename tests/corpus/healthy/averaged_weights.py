import tensorflow as tf, numpy as np
tf.keras.utils.set_random_seed(4)
(x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data(); x = x[..., None] / np.float32(255); xt = xt[..., None] / np.float32(255)
K = tf.keras
m = K.Sequential([K.layers.Conv2D(16, 3, 2, activation="relu"), K.layers.BatchNormalization(momentum=.8), K.layers.Conv2D(32, 3, 2, activation="relu"), K.layers.BatchNormalization(momentum=.8), K.layers.GlobalAveragePooling2D(), K.layers.Dense(10)])
lr = K.optimizers.schedules.CosineDecayRestarts(0.01, 100, t_mul=2.)
m.compile(K.optimizers.Adam(lr, use_ema=True, ema_momentum=.95), K.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
m.fit(x, y, epochs=8, batch_size=50, validation_data=(xt, yt), verbose=0); m.optimizer.finalize_variable_values(m.trainable_variables); print(m.evaluate(xt, yt, verbose=0))
