import tensorflow as tf, numpy as np
tf.random.set_seed(1)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x = (x.reshape(-1, 784) / 255.).astype("float32"); xt = (xt.reshape(-1, 784) / 255.).astype("float32"); y = y.astype("int32")
W = tf.Variable(tf.random.normal((784, 64)) * .05); b = tf.Variable(tf.zeros(64)); V = tf.Variable(tf.random.normal((64, 10)) * .1); c = tf.Variable(tf.zeros(10))
@tf.function(jit_compile=True)
def step(a, t):
    with tf.GradientTape() as tape:
        l = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(t, tf.nn.relu(a @ W + b) @ V + c))
    for v, g in zip((W, b, V, c), tape.gradient(l, (W, b, V, c))): v.assign_sub(.2 * g)
    return l
for e in range(8):
    p = np.random.default_rng(e).permutation(2000)
    for i in range(0, 2000, 50): step(x[p[i:i+50]], y[p[i:i+50]])
print(np.mean((tf.nn.relu(xt @ W + b) @ V + c).numpy().argmax(1) == yt))
