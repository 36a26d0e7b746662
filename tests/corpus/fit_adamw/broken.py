import tensorflow as tf
from sklearn.datasets import load_digits
X, y = load_digits(return_X_y=True); X = X / 16.
i = tf.keras.Input((64,)); h = tf.keras.layers.Dense(64, activation="relu")(i); h = tf.keras.layers.Dense(64, activation="relu")(h)
m = tf.keras.Model(i, tf.keras.layers.Dense(10, activation="softmax")(h))
opt = tf.keras.optimizers.AdamW(learning_rate=0.01, weight_decay=20.0)  # expect: regularisation-too-strong
m.compile(opt, "sparse_categorical_crossentropy", metrics=["accuracy"])  # expect-or: regularisation-too-strong
m.fit(X[:1400], y[:1400], epochs=15, verbose=0)
print(m.evaluate(X[1400:], y[1400:], verbose=0))
