# Regression on Friedman's function with a hand-written loop over Keras layers.
import tensorflow as tf
from sklearn.datasets import make_friedman1

tf.keras.utils.set_random_seed(0)
X, y = make_friedman1(n_samples=1200, n_features=10, noise=0.5, random_state=0)
y = (y - y.mean()) / y.std()
X, y = X.astype("float32"), y.astype("float32")[:, None]
X_train, y_train, X_val, y_val = X[:1000], y[:1000], X[1000:], y[1000:]

big = tf.keras.initializers.VarianceScaling(scale=2.0, mode="fan_in")
hidden = [
    tf.keras.layers.Dense(48, activation="elu", kernel_initializer=big),
    tf.keras.layers.Dense(48, activation="elu", kernel_initializer=big),
    tf.keras.layers.Dense(48, activation="elu", kernel_initializer=big),
    tf.keras.layers.Dense(48, activation="elu", kernel_initializer=big),
]
head = tf.keras.layers.Dense(1)


def net(x):
    for layer in hidden:
        x = layer(x)
    return head(x)


net(X_train[:1])
weights = sum((l.trainable_variables for l in hidden + [head]), [])
opt = tf.keras.optimizers.SGD(0.01)

ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(1000, seed=0).batch(50)
for epoch in range(20):
    for xb, yb in ds:
        with tf.GradientTape() as tape:
            mse = tf.reduce_mean(tf.square(net(xb) - yb))
        opt.apply_gradients(zip(tape.gradient(mse, weights), weights))
    val = tf.reduce_mean(tf.square(net(X_val) - y_val))
    print(f"epoch {epoch + 1:2d}  train mse {float(mse):.4f}  val mse {float(val):.4f}")
