"""Graph classification with a small GCN; gradients accumulated over micro-batches of graphs."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(6)
rng = np.random.default_rng(6)
N = 14


def random_graph(kind):
    a = np.zeros((N, N))
    if kind == 0:                                   # Erdos-Renyi
        a = np.triu(rng.random((N, N)) < 4 / (N - 1), 1).astype(float)
    elif kind == 1:                                 # ring lattice with two random chords
        for i in range(N):
            for k in (1, 2):
                a[i, (i + k) % N] = 1
        for _ in range(2):
            i, j = rng.choice(N, 2, replace=False)
            a[i, j] = 1
    else:                                           # preferential attachment
        degree = np.ones(N)
        for i in range(2, N):
            for j in rng.choice(i, min(i, 2), replace=False, p=degree[:i] / degree[:i].sum()):
                a[i, j] = 1
                degree[[i, j]] += 1
    a = np.maximum(a, a.T)
    np.fill_diagonal(a, 0)
    return a


def make_set(n):
    y = rng.integers(3, size=n)
    adj = np.stack([random_graph(k) for k in y])
    deg = adj.sum(-1)
    feats = np.stack([deg / 4 - 1, (deg / 4 - 1) ** 2, np.ones_like(deg)], axis=-1)
    a_hat = adj + np.eye(N)
    d = a_hat.sum(-1) ** -0.5
    return (a_hat * d[:, :, None] * d[:, None, :]).astype("float32"), feats.astype("float32"), y.astype("int32")


train, test = make_set(600), make_set(300)


class GCN(tf.Module):
    def __init__(self, hidden=24):
        super().__init__()
        init = tf.keras.initializers.GlorotUniform(seed=6)
        self.w1 = tf.Variable(init([3, hidden]))
        self.b1 = tf.Variable(tf.zeros([hidden]))
        self.w2 = tf.Variable(init([hidden, hidden]))
        self.b2 = tf.Variable(tf.zeros([hidden]))
        self.w3 = tf.Variable(init([2 * hidden, 3]))
        self.b3 = tf.Variable(tf.zeros([3]))

    def __call__(self, a, x):
        h = tf.nn.relu(a @ (x @ self.w1) + self.b1)
        h = tf.nn.relu(a @ (h @ self.w2) + self.b2)
        pooled = tf.concat([tf.reduce_mean(h, 1), tf.reduce_max(h, 1)], axis=1)
        return pooled @ self.w3 + self.b3


class Trainer(tf.Module):
    def __init__(self, net, every=4, lr=1e-2):
        super().__init__()
        self.net, self.every = net, every
        self.params = list(net.trainable_variables)
        self.opt = tf.keras.optimizers.Adam(lr)
        self.opt.build(self.params)
        self.accum = [tf.Variable(tf.zeros_like(p), trainable=False) for p in self.params]
        self.micro = tf.Variable(0, trainable=False)

    @tf.function
    def step(self, a, x, y):
        with tf.GradientTape() as tape:
            logits = self.net(a, x)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        for acc, g in zip(self.accum, tape.gradient(loss, self.params)):
            acc.assign_add(g / self.every)
        self.micro.assign_add(1)
        if self.micro % self.every == 0:
            self.opt.apply_gradients(zip(self.accum, self.params))
            for acc in self.accum:
                acc.assign(tf.zeros_like(acc))
        return loss


net = GCN()
trainer = Trainer(net)
for epoch in range(16):
    order = rng.permutation(len(train[2]))
    losses = []
    for i in range(0, len(order) - 11, 12):
        b = order[i:i + 12]
        losses.append(float(trainer.step(*(tf.constant(t[b]) for t in train))))
    if epoch % 3 == 0:
        print(f"epoch {epoch + 1:2d}  loss {np.mean(losses):.4f}")

pred = np.argmax(net(test[0], test[1]).numpy(), axis=1)
print(f"test accuracy {np.mean(pred == test[2]):.3f}")
