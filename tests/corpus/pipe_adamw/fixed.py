# Surrogate for the friction pressure drop of a pipe section (Haaland + Darcy-Weisbach).
import numpy as np
import tensorflow as tf

N = 3000
gen = np.random.default_rng(17)

# --- operating points --------------------------------------------------------
velocity = gen.uniform(0.3, 4.0, N)                    # m/s
diameter = gen.choice([0.05, 0.08, 0.10, 0.15, 0.20, 0.30], N)
length = gen.uniform(5.0, 120.0, N)
rough = 10 ** gen.uniform(-6.0, -3.3, N)               # m
temp = gen.uniform(5.0, 80.0, N)                       # water
nu = 1.79e-6 / (1 + 0.0337 * temp + 0.000221 * temp ** 2)
re = velocity * diameter / nu
f = (-1.8 * np.log10((rough / diameter / 3.7) ** 1.11 + 6.9 / re)) ** -2
dp = f * length / diameter * 1000 * velocity ** 2 / 2  # Pa
dp *= np.exp(gen.normal(0, 0.02, N))                   # gauge

X = np.stack([velocity, np.log(diameter), length, np.log10(rough), temp], 1)
Y = np.log(dp)[:, None]
train = slice(0, 2400)
X = ((X - X[train].mean(0)) / X[train].std(0)).astype(np.float32)
y_mean, y_std = Y[train].mean(), Y[train].std()
Y = ((Y - y_mean) / y_std).astype(np.float32)
test_x, test_y = X[2400:], Y[2400:]


# --- model -------------------------------------------------------------------
def glorot(a, b):
    lim = np.sqrt(6 / (a + b))
    return tf.Variable(gen.uniform(-lim, lim, (a, b)).astype(np.float32))


sizes = [5, 48, 48, 1]
W = [glorot(a, b) for a, b in zip(sizes, sizes[1:])]
B = [tf.Variable(np.zeros(b, np.float32)) for b in sizes[1:]]


def surrogate(x):
    for k, (w, b) in enumerate(zip(W, B)):
        x = tf.matmul(x, w) + b
        if k < len(W) - 1:
            x = tf.nn.silu(x)
    return x


# --- AdamW -------------------------------------------------------------------
class AdamW:
    def __init__(self, params, lr=3e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.1):
        self.params, self.lr, self.b1, self.b2, self.eps = params, lr, b1, b2, eps
        self.weight_decay = weight_decay
        self.t = tf.Variable(0.0)
        self.m = [tf.Variable(tf.zeros_like(p)) for p in params]
        self.v = [tf.Variable(tf.zeros_like(p)) for p in params]

    def apply(self, grads):
        self.t.assign_add(1.0)
        scale = tf.sqrt(1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m.assign(self.b1 * m + (1 - self.b1) * g)
            v.assign(self.b2 * v + (1 - self.b2) * g * g)
            if p.shape.rank > 1:
                p.assign_sub(self.lr * self.weight_decay * p)
            p.assign_sub(self.lr * scale * m / (tf.sqrt(v) + self.eps))


opt = AdamW(W + B)


@tf.function
def advance(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((surrogate(x) - y) ** 2)
    opt.apply(tape.gradient(loss, W + B))
    return loss


for epoch in range(30):
    order = gen.permutation(2400)
    total = 0.0
    for i in range(0, 2400, 80):
        idx = order[i:i + 80]
        total += advance(tf.constant(X[idx]), tf.constant(Y[idx])).numpy()
    if epoch % 6 == 5:
        print("epoch %2d  mse %.5f" % (epoch + 1, total / 30))

pred = surrogate(test_x).numpy()
r2 = 1 - ((pred - test_y) ** 2).sum() / ((test_y - test_y.mean()) ** 2).sum()
rel = np.median(np.abs(np.exp((pred - test_y) * y_std) - 1))
print("test R2 %.4f, median relative error %.1f%%" % (r2, 100 * rel))
