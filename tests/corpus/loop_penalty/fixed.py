import numpy as np, tensorflow as tf
rng = np.random.default_rng(5)
X = rng.normal(size=(600, 8)).astype("float32"); Y = np.sin(X[:, :1]) + .5 * X[:, 1:2] * X[:, 2:3]
W = [tf.Variable(rng.normal(size=s).astype("float32") * .3) for s in [(8, 40), (40, 40), (40, 1)]]
B = [tf.Variable(np.zeros(s, "float32")) for s in [40, 40, 1]]
beta = 1e-5
def f(v):
    for k in range(2): v = tf.tanh(v @ W[k] + B[k])
    return v @ W[2] + B[2]
@tf.function
def train(a, b):
    with tf.GradientTape() as g:
        fit = tf.reduce_mean((f(a) - b) ** 2)
        cost = fit + beta * tf.add_n([tf.reduce_sum(w * w) for w in W])
    for v, d in zip(W + B, g.gradient(cost, W + B)): v.assign_sub(.01 * d)
    return cost
for s in range(1500):
    j = rng.integers(0, 600, 64); c = train(tf.constant(X[j]), tf.constant(Y[j]))
    if s % 300 == 0: print(s, float(c))
print("mse", float(np.mean((f(X).numpy() - Y) ** 2)), Y.var())
