import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale

tf.keras.utils.set_random_seed(90)
X, y = load_breast_cancer(return_X_y=True)
X, y = scale(X).astype("float32"), y.astype("float32")[:, None]


def likelihood_loss(t, p):
    p = tf.clip_by_value(p, 1e-6, 1 - 1e-6)
    return -tf.reduce_mean(t * tf.math.log(p) + (1 - t) * tf.math.log(1 - p))


model = tf.keras.Sequential([
    tf.keras.layers.Input((30,)),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=tf.keras.optimizers.Adam(0.003), loss=likelihood_loss, metrics=["binary_accuracy"])
model.fit(X[:450], y[:450], epochs=25, batch_size=15, verbose=2)
print("test", model.evaluate(X[450:], y[450:], verbose=0))
