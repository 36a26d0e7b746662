import numpy as np, tensorflow as tf
np.random.seed(0); tf.random.set_seed(0)

# y = sin(3 x0) + x1^2, x in the unit square
X = np.random.rand(1500, 2).astype('f')
Y = (np.sin(3 * X[:, :1]) + X[:, 1:] ** 2).astype('f')

H1, H2 = 50, 25
W1 = tf.Variable(tf.random.normal([2, H1]) * 0.5)
c1 = tf.Variable(-3.0 * tf.ones([H1]))  # expect: dead-relu
W2 = tf.Variable(tf.random.normal([H1, H2]) * 0.2)
c2 = tf.Variable(tf.zeros([H2]))
W3 = tf.Variable(tf.random.normal([H2, 1]) * 0.2)
c3 = tf.Variable(tf.zeros([1]))
P = [W1, c1, W2, c2, W3, c3]

for k in range(1200):
    j = np.random.choice(1500, 50)
    with tf.GradientTape() as T:
        h = tf.nn.relu(tf.matmul(X[j], W1) + c1)  # expect-or: dead-relu
        h = tf.nn.relu(tf.matmul(h, W2) + c2)
        e = tf.reduce_mean((tf.matmul(h, W3) + c3 - Y[j]) ** 2)
    [p.assign_sub(0.05 * g) for p, g in zip(P, T.gradient(e, P))]
    if k % 200 == 0: print(k, float(e))

h = tf.nn.relu(tf.nn.relu(X @ W1 + c1) @ W2 + c2)
r = h @ W3 + c3 - Y
print('R2 =', 1 - float(tf.reduce_mean(r ** 2)) / Y.var())
