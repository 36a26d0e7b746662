import numpy as np, tensorflow as tf
tf.random.set_seed(3)
(x, t), _ = tf.keras.datasets.mnist.load_data()
x = (x.reshape(-1, 784) / 255.).astype('float32'); t = tf.one_hot(t, 10)
sizes = [784, 64, 10]
params = []
for a, b in zip(sizes, sizes[1:]):
    params.append(tf.Variable(tf.random.normal((a, b)) * np.sqrt(2 / a)))
    params.append(tf.Variable(tf.zeros(b)))
m = [tf.zeros_like(p) for p in params]; v = [tf.zeros_like(p) for p in params]
lr, b1, b2, eps = 0.002, 0.9, 0.999, 1e-8
for step in range(1, 301):
    idx = np.random.RandomState(step).randint(0, len(x), 100)
    with tf.GradientTape() as tape:
        h = tf.nn.relu(x[idx] @ params[0] + params[1])
        out = h @ params[2] + params[3]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(tf.gather(t, idx), out))
    for i, g in enumerate(tape.gradient(loss, params)):
        m[i] = b1 * m[i] + (1 - b1) * g
        v[i] = b2 * v[i] + (1 - b2) * g * g
        params[i].assign_sub(lr * (m[i] / (1 - b1 ** step)) / (tf.sqrt(v[i] / (1 - b2 ** step)) + eps))
print(float(loss))
