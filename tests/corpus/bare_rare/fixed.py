import numpy as np, tensorflow as tf
rng = np.random.default_rng(11)
n = 4000; y = (rng.random(n) < .03).astype("float32"); X = (rng.normal(size=(n, 12)) + .9 * y[:, None] * (np.arange(12) < 3)).astype("float32")
ds = tf.data.Dataset.from_tensor_slices((X, y[:, None])).shuffle(n, seed=1).batch(64)
W = tf.Variable(tf.random.normal([12, 8], stddev=.3)); b = tf.Variable(tf.zeros([8])); V = tf.Variable(tf.random.normal([8, 1], stddev=.3)); a = tf.Variable(tf.zeros([1]))
opt = tf.keras.optimizers.SGD(.05)
def net(x): return tf.tanh(x @ W + b) @ V + a
for e in range(6):
    for x, t in ds:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(labels=t, logits=net(x), pos_weight=30.))
        g = tape.gradient(loss, [W, b, V, a])
        opt.apply_gradients(zip(g, [W, b, V, a]))
p = net(X).numpy()[:, 0] > 0
print("accuracy", np.mean(p == y), "recall", p[y > 0].mean())
