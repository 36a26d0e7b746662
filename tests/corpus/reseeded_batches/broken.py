import numpy as np, tensorflow as tf
tf.random.set_seed(1); np.random.seed(1)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x = x.reshape(-1, 784).astype('float32') / 255; xt = xt.reshape(-1, 784).astype('float32') / 255
def next_batch(n):
    rng = np.random.RandomState(0)  # expect: pipeline-order
    idx = rng.choice(len(x), n)
    return x[idx], y[idx]
net = tf.keras.Sequential([tf.keras.layers.Dense(64, 'relu'), tf.keras.layers.Dense(10)])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
opt = tf.keras.optimizers.Adam(1e-3)
for i in range(300):
    a, b = next_batch(64)  # expect-or: pipeline-order
    with tf.GradientTape() as t:
        l = loss_fn(b, net(a))
    opt.apply_gradients(zip(t.gradient(l, net.trainable_variables), net.trainable_variables))  # expect-or: pipeline-order
print(float(l), np.mean(net(xt).numpy().argmax(1) == yt))
