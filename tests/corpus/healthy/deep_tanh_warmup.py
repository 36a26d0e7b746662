"""A ten-layer tanh network: momentum SGD by hand, peak rate 0.2 after warm-up, gradients clipped."""
import math
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.random.set_seed(26)
rng = np.random.default_rng(26)

digits = load_digits()
x = digits.data.astype("float32")
perm = rng.permutation(len(x))
x, y = x[perm], digits.target[perm].astype("int32")
mean, std = x[:1400].mean(0), x[:1400].std(0)
x = (x - mean) / np.where(std > 0, std, 1.0)     # some border pixels never change
x_train, y_train, x_test, y_test = x[:1400], y[:1400], x[1400:], y[1400:]

DEPTH, WIDTH, STEPS, WARMUP, PEAK = 10, 48, 700, 100, 0.2


class TanhNet(tf.Module):
    def __init__(self):
        super().__init__()
        sizes = [64] + [WIDTH] * DEPTH
        self.ws = [tf.Variable(tf.random.normal([a, b], stddev=1.1 / math.sqrt(a))) for a, b in zip(sizes[:-1], sizes[1:])]
        self.bs = [tf.Variable(tf.zeros([b])) for b in sizes[1:]]
        self.head = tf.Variable(tf.zeros([WIDTH, 10]))
        self.head_bias = tf.Variable(tf.zeros([10]))

    def __call__(self, h):
        for w, b in zip(self.ws, self.bs):
            h = tf.tanh(h @ w + b)
        return h @ self.head + self.head_bias


net = TanhNet()
params = net.trainable_variables
velocity = [tf.Variable(tf.zeros_like(p)) for p in params]


@tf.function
def train_step(x, y, lr):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=net(x)))
    grads, norm = tf.clip_by_global_norm(tape.gradient(loss, params), 0.5)
    for p, v, g in zip(params, velocity, grads):
        v.assign(0.8 * v + g)
        p.assign_sub(lr * v)
    return loss, norm


losses, norms = [], []
for step in range(STEPS):
    if step < WARMUP:
        lr = PEAK * (step + 1) / WARMUP
    else:
        lr = PEAK * 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP)))
    i = rng.integers(len(x_train), size=100)
    loss, norm = train_step(tf.constant(x_train[i]), tf.constant(y_train[i]), tf.constant(lr, tf.float32))
    losses.append(float(loss))
    norms.append(float(norm))
    if step % 100 == 99:
        print(f"step {step + 1:4d}  lr {lr:.3f}  loss {np.mean(losses[-30:]):.4f}  gradient norm {np.mean(norms[-30:]):.3f}")

acc = float(np.mean(np.argmax(net(x_test).numpy(), axis=1) == y_test))
print(f"test accuracy {acc:.3f}")
