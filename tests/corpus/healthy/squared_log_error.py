"""Skewed positive targets, a ReLU output and the squared logarithmic error, in a hand-written loop."""
import tensorflow as tf

tf.keras.utils.set_random_seed(8)
features = tf.random.uniform([1500, 5])
price = tf.exp(1.0 + 3.0 * features[:, :1] + features[:, 1:2])
net = tf.keras.Sequential([tf.keras.layers.Dense(24, "relu"), tf.keras.layers.Dense(1, "relu", bias_initializer="ones")])
adam = tf.keras.optimizers.Adam(0.01)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.math.log1p(net(x)) - tf.math.log1p(y)) ** 2)
    adam.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


for epoch in range(40):
    for x, y in tf.data.Dataset.from_tensor_slices((features, price)).shuffle(1500).batch(50):
        loss = step(x, y)
print("last batch", float(loss))
