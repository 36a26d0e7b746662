import tensorflow as tf, numpy as np
tf.random.set_seed(0); rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, (2000, 1)).astype("float32"); s = rng.choice([-1, 1], (2000, 1)); y = (s * (1 + x ** 2) + .1 * rng.normal(size=(2000, 1))).astype("float32")
net = tf.keras.Sequential([tf.keras.layers.Dense(32, "tanh"), tf.keras.layers.Dense(6)]); opt = tf.keras.optimizers.Adam(5e-3)
@tf.function
def step(a, b):
    with tf.GradientTape() as t:
        pi, mu, ls = tf.split(net(a), 3, 1)
        lp = tf.nn.log_softmax(pi) - .5 * ((b - mu) / tf.exp(ls)) ** 2 - ls - .919
        l = -tf.reduce_mean(tf.reduce_logsumexp(lp, 1))
    opt.apply_gradients(zip(t.gradient(l, net.trainable_variables), net.trainable_variables)); return l
for i in range(800):
    j = rng.integers(0, 2000, 64); l = step(x[j], y[j])
    if i % 200 == 0: print(i, float(l))
print(float(l))
