import numpy as np, tensorflow as tf
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

tf.random.set_seed(4); np.random.seed(4)
X, y = make_moons(1000, noise=0.12, random_state=4)
X, y = X.astype(np.float32), y.astype(np.float32)[:, None]
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=4)

sizes = [2, 32, 32, 1]
W = [tf.Variable(tf.random.normal([m, n]) * np.sqrt(2 / m)) for m, n in zip(sizes, sizes[1:])]
B = [tf.Variable(tf.zeros([n])) for n in sizes[1:]]


def net(x):
    for w, b in zip(W[:-1], B[:-1]):
        x = tf.nn.relu(x @ w + b)
    return x @ W[-1] + B[-1]


def accuracy(x, t):
    guess = tf.round(net(x))  # expect: metric-wrong
    return tf.reduce_mean(tf.cast(tf.equal(guess, t), tf.float32))  # expect-or: metric-wrong


opt = tf.keras.optimizers.Adam(0.01)
for it in range(800):
    i = np.random.randint(0, len(Xa), 50)
    with tf.GradientTape() as g:
        z = net(Xa[i])
        cost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=ya[i], logits=z))
    opt.apply_gradients(zip(g.gradient(cost, W + B), W + B))
    if it % 100 == 99:
        print(it + 1, "cost", round(float(cost), 4), "train acc", round(float(accuracy(Xa, ya)), 3))  # expect-or: metric-wrong

held_out = tf.nn.sigmoid_cross_entropy_with_logits(labels=yb, logits=net(Xb))
print("test cost", round(float(tf.reduce_mean(held_out)), 4), "test acc", round(float(accuracy(Xb, yb)), 3))  # expect-or: metric-wrong
