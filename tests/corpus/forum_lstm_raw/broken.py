import numpy as np, tensorflow as tf
t = np.arange(2000); series = 500 + 80 * np.sin(t / 20) + np.random.default_rng(0).normal(0, 3, 2000)
X = np.stack([series[i:i+30] for i in range(1900)])[..., None]; y = series[30:1930]
model = tf.keras.Sequential([tf.keras.layers.LSTM(16, input_shape=(30, 1)), tf.keras.layers.Dense(1)])
model.compile("adam", "mae")  # expect-or: target-scale
model.fit(X[:1500], y[:1500], epochs=10, verbose=0)  # expect: target-scale  # expect-or: input-scale
print(model.evaluate(X[1500:], y[1500:], verbose=0))
