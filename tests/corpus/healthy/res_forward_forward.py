"""Forward-forward: every layer has its own goodness objective and its own optimizer; nothing flows back between layers."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(0)
np_rng = np.random.default_rng(0)
C, THETA, INK = 10, 2.0, 3.0

pix, cls = load_digits(return_X_y=True)
pix = (pix / 16.0).astype("float32")
tr_x, te_x, tr_y, te_y = train_test_split(pix, cls, test_size=400, random_state=0, stratify=cls)


def stamp(x, labels):
    return tf.concat([INK * tf.one_hot(labels, C), x], 1)


class FFLayer(tf.Module):
    def __init__(self, n_in, n_out, lr=3e-3):
        super().__init__()
        self.W = tf.Variable(tf.random.normal([n_in, n_out], stddev=(2.0 / n_in) ** 0.5))
        self.b = tf.Variable(tf.zeros([n_out]))
        self.opt = tf.keras.optimizers.Adam(lr)
        self.opt.build([self.W, self.b])

    def __call__(self, x):
        x = x / (tf.sqrt(tf.reduce_mean(tf.square(x), -1, keepdims=True)) + 1e-4)
        return tf.nn.relu(x @ self.W + self.b)

    @staticmethod
    def goodness(h):
        return tf.reduce_mean(tf.square(h), -1)

    @tf.function
    def learn(self, pos, neg):
        with tf.GradientTape() as tape:
            gp, gn = self.goodness(self(pos)), self.goodness(self(neg))
            loss = tf.reduce_mean(tf.nn.softplus(THETA - gp)) + tf.reduce_mean(tf.nn.softplus(gn - THETA))
        grads = tape.gradient(loss, [self.W, self.b])
        self.opt.apply_gradients(zip(grads, [self.W, self.b]))
        return loss, self(pos), self(neg)


stack = [FFLayer(64 + C, 200), FFLayer(200, 200)]


def classify(x):
    total = []
    for c in range(C):
        h, g = stamp(x, tf.fill([len(x)], c)), 0.0
        for layer in stack:
            h = layer(h)
            g += layer.goodness(h)
        total.append(g)
    return tf.argmax(tf.stack(total, 1), 1).numpy()


print("accuracy before: %.3f" % np.mean(classify(te_x) == te_y))
for epoch in range(60):
    order = np_rng.permutation(len(tr_x))
    sums = np.zeros(len(stack))
    for at in range(0, len(order) - 126, 127):
        i = order[at:at + 127]
        wrong = (tr_y[i] + np_rng.integers(1, C, len(i))) % C
        p, n = stamp(tr_x[i], tr_y[i]), stamp(tr_x[i], wrong)
        for k, layer in enumerate(stack):
            loss, p, n = layer.learn(p, n)
            sums[k] += float(loss)
    if epoch % 10 == 9:
        acc = np.mean(classify(te_x) == te_y)
        print(f"epoch {epoch + 1:2d}  layer losses {np.round(sums / (len(order) // 127), 3)}  test acc {acc:.3f}")
print("train %.3f  test %.3f" % (np.mean(classify(tr_x) == tr_y), np.mean(classify(te_x) == te_y)))
