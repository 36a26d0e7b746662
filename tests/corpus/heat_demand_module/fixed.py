import numpy as np
import tensorflow as tf

rng = np.random.default_rng(5)
tf.random.set_seed(5)
X = rng.normal(size=(1200, 6)).astype(np.float32)
w = rng.normal(size=(6, 1)).astype(np.float32)
y = np.tanh(X @ w) * 2 + X[:, :1] ** 2 * .5 + 0.1 * rng.normal(size=(1200, 1)).astype(np.float32)
y = y.astype(np.float32)
Xtr, Xte, ytr, yte = X[:900], X[900:], y[:900], y[900:]
shown = rng.permutation(len(Xtr))
Xtr, ytr = Xtr[shown], ytr[shown]


class Net(tf.Module):
    def __init__(self, sizes):
        self.w = [tf.Variable(tf.random.normal([a, b], stddev=(2 / a) ** .5)) for a, b in zip(sizes, sizes[1:])]
        self.b = [tf.Variable(tf.zeros([b])) for b in sizes[1:]]

    def __call__(self, x):
        for i, (w, b) in enumerate(zip(self.w, self.b)):
            x = x @ w + b
            if i < len(self.w) - 1:
                x = tf.nn.relu(x)
        return x


net = Net([6, 64, 64, 1])
opt = tf.keras.optimizers.Adam(1e-3)


@tf.function
def step(a, b):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((net(a) - b) ** 2)
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return loss


for epoch in range(40):
    order = rng.permutation(len(Xtr))
    ls = [float(step(Xtr[order[i:i + 64]], ytr[order[i:i + 64]])) for i in range(0, len(Xtr) - 63, 64)]
    if epoch % 8 == 0:
        print(epoch, np.mean(ls))

pred = net(tf.constant(Xte)).numpy().ravel()
truth = yte.ravel()
r2 = 1 - ((truth - pred) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
print("test R2", r2)
