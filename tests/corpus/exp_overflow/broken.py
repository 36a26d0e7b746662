import numpy as np, tensorflow as tf
tf.random.set_seed(0)
(x, t), _ = tf.keras.datasets.fashion_mnist.load_data()
x = x.reshape(-1, 784).astype("float32") / 2.55; T = np.eye(10, dtype="float32")[t]  # expect-or: input-scale
W = tf.Variable(tf.random.normal((784, 10)) * .1); b = tf.Variable(tf.zeros(10))
def softmax(z):
    e = tf.exp(z)  # expect: loss-numerics
    return e / tf.reduce_sum(e, axis=1, keepdims=True)  # expect-or: loss-numerics
for e in range(3):
    for k in range(0, 2000, 40):
        with tf.GradientTape() as tape:
            p = softmax(x[k:k+40] @ W + b)
            loss = -tf.reduce_mean(tf.reduce_sum(T[k:k+40] * tf.math.log(p + 1e-9), 1))  # expect-or: loss-numerics
        g = tape.gradient(loss, [W, b])
        W.assign_sub(.05 * g[0]); b.assign_sub(.05 * g[1])
    print(e, float(loss))
