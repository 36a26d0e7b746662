"""Deep learning course, sheet 3: write your own initializer and use it in a small tanh network."""
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class XavierUniform(tf.keras.initializers.Initializer):
    """Uniform in [-limit, limit] with the limit of Glorot and Bengio (2010)."""

    def __init__(self, seed):
        self.seed = seed

    def __call__(self, shape, dtype=None, **kwargs):
        fan_in, fan_out = shape[0], shape[-1]
        limit = (6.0 / (fan_in + fan_out)) ** 0.5
        return tf.random.stateless_uniform(
            shape, seed=(self.seed, fan_in), minval=-limit, maxval=limit, dtype=dtype or tf.float32)

    def get_config(self):
        return {"seed": self.seed}


# Step 1: data
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=30)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# Step 2: network
tf.keras.utils.set_random_seed(30)
net = tf.keras.Sequential(name="sheet3")
net.add(tf.keras.layers.Input(shape=(64,)))
for i, units in enumerate([64, 48, 32]):
    net.add(tf.keras.layers.Dense(units, activation="tanh", kernel_initializer=XavierUniform(seed=i)))
net.add(tf.keras.layers.Dense(10, activation="softmax", kernel_initializer=XavierUniform(seed=99)))

# Step 3: training
net.compile(
    optimizer=tf.keras.optimizers.SGD(learning_rate=0.05, momentum=0.9),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(X_train, y_train, batch_size=32, epochs=12, validation_data=(X_test, y_test), verbose=2)

# Step 4: answer for the hand-in
print("Test accuracy:", round(net.evaluate(X_test, y_test, verbose=0)[1], 3))
