"""AdamW written out by hand, to understand it before using the library one."""
import tensorflow as tf
from sklearn.datasets import make_friedman1

tf.random.set_seed(9)


class MyAdamW:
    def __init__(self, lr=3e-3, beta1=0.9, beta2=0.999, eps=1e-8, wd=0.05):
        self.lr, self.beta1, self.beta2, self.eps, self.wd = lr, beta1, beta2, eps, wd
        self.t = tf.Variable(0.0)
        self.m, self.v = [], []

    def build(self, params):
        self.m = [tf.Variable(tf.zeros_like(p)) for p in params]
        self.v = [tf.Variable(tf.zeros_like(p)) for p in params]

    def step(self, params, grads):
        self.t.assign_add(1.0)
        c1 = 1.0 - tf.pow(self.beta1, self.t)
        c2 = 1.0 - tf.pow(self.beta2, self.t)
        for p, g, m, v in zip(params, grads, self.m, self.v):
            m.assign(self.beta1 * m + (1.0 - self.beta1) * g)
            v.assign(self.beta2 * v + (1.0 - self.beta2) * tf.square(g))
            direction = (m / c1) / (tf.sqrt(v / c2) + self.eps)
            p.assign_sub(self.lr * (direction + self.wd * p))


class Net(tf.Module):
    def __init__(self, widths):
        super().__init__()
        self.layers = []
        for a, b in zip(widths[:-1], widths[1:]):
            kernel = tf.Variable(tf.random.normal((a, b), stddev=(2.0 / a) ** 0.5))
            bias = tf.Variable(tf.zeros((b,)))
            self.layers.append((kernel, bias))

    def __call__(self, x):
        for kernel, bias in self.layers[:-1]:
            x = tf.nn.relu(tf.matmul(x, kernel) + bias)
        kernel, bias = self.layers[-1]
        return tf.matmul(x, kernel) + bias


X, y = make_friedman1(n_samples=1500, n_features=8, noise=0.5, random_state=9)
X = 2.0 * X - 1.0
y = (y - y.mean()) / y.std()
X, y = tf.constant(X, tf.float32), tf.constant(y[:, None], tf.float32)
Xa, ya, Xb, yb = X[:1200], y[:1200], X[1200:], y[1200:]

net = Net([8, 48, 48, 1])
params = [p for layer in net.layers for p in layer]
opt = MyAdamW()
opt.build(params)


@tf.function
def train_batch(x, target):
    with tf.GradientTape() as tape:
        mse = tf.reduce_mean(tf.square(net(x) - target))
    grads = tape.gradient(mse, params)
    opt.step(params, grads)
    return mse


def r2(x, target):
    rest = tf.reduce_sum(tf.square(target - net(x)))
    return 1.0 - float(rest / tf.reduce_sum(tf.square(target - tf.reduce_mean(target))))


data = tf.data.Dataset.from_tensor_slices((Xa, ya)).shuffle(1200, seed=9).batch(40, drop_remainder=True)
for epoch in range(40):
    losses = [train_batch(x, t) for x, t in data]
    if epoch % 5 == 4:
        norm = tf.linalg.global_norm(params)
        print(f"epoch {epoch + 1:3d}  mse {tf.reduce_mean(losses):.4f}  "
              f"R2 train {r2(Xa, ya):.3f}  R2 held out {r2(Xb, yb):.3f}  |w| {norm:.3f}")
