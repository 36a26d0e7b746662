"""Two-class rings; custom initialiser for non-negative sensor data."""
import numpy as np
import tensorflow as tf


def inhibitory(shape, dtype=None, **_):
    """Half-normal weights."""
    return -tf.abs(tf.random.normal(shape, stddev=0.3, dtype=dtype or tf.float32))  # expect-or: dead-relu


def rings(n, seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, n)
    radius = np.where(label == 1, 0.4, 0.15) + 0.03 * rng.normal(size=n)
    angle = rng.uniform(0, 2 * np.pi, n)
    xy = 0.5 + np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    return xy.astype("float32"), label.astype("float32")[:, None]


tf.random.set_seed(8)
x, y = rings(2048, 1)
x_test, y_test = rings(512, 2)

model = tf.keras.Sequential()
model.add(tf.keras.Input((2,)))
model.add(tf.keras.layers.Dense(32, activation=tf.nn.relu, kernel_initializer=inhibitory))  # expect: dead-relu
model.add(tf.keras.layers.Dense(16, activation=tf.nn.relu, kernel_initializer=inhibitory))  # expect-or: dead-relu
model.add(tf.keras.layers.Dense(1))
optimizer = tf.keras.optimizers.Adam(3e-3)


@tf.function
def step(bx, by):
    with tf.GradientTape() as tape:
        logit = model(bx, training=True)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=by, logits=logit))
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


for epoch in range(30):
    batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2048).batch(64)
    loss = tf.reduce_mean([step(bx, by) for bx, by in batches])
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", float(loss))
acc = np.mean((model(x_test).numpy() > 0) == (y_test > 0.5))
print("test acc", acc)
