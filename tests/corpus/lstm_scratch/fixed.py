# Homework 4: LSTM from scratch
# No keras.layers.LSTM in this one, only tf ops.  Which of five gestures was recorded?
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(11)
tf.random.set_seed(11)

# ---- recordings: 2 channels, 24 time steps, 5 kinds of motion ---------------
T, CLASSES, N = 24, 5, 2000
s = np.linspace(0, 1, T)
y = rng.integers(0, CLASSES, N)
freq = np.array([1.0, 2.0, 1.0, 2.0, 3.0])[y][:, None] * rng.normal(1, 0.08, (N, 1))
turn = np.array([1.0, 1.0, -1.0, -1.0, 1.0])[y][:, None]
phase = rng.uniform(0, 2 * np.pi, (N, 1))
x = np.stack([np.cos(2 * np.pi * freq * s + phase), turn * np.sin(2 * np.pi * freq * s + phase)], -1)
x = (x * rng.uniform(0.6, 1.3, (N, 1, 1)) + rng.normal(0, 0.25, x.shape)).astype("float32")
y = y.astype("int32")
x_train, y_train, x_test, y_test = x[:1500], y[:1500], x[1500:], y[1500:]
print("train", x_train.shape, "classes", np.bincount(y_train))

# ---- parameters -------------------------------------------------------------
D, H = 2, 24
# everybody starts from the same weights, they are on the course page
start = np.load("start_weights_2.npz")
Wx, Wh, b = tf.Variable(start["Wx"]), tf.Variable(start["Wh"]), tf.Variable(start["b"])
Wo, bo = tf.Variable(start["Wo"]), tf.Variable(start["bo"])
weights = [Wx, Wh, b, Wo, bo]


def lstm(seq):
    n = tf.shape(seq)[0]
    h = tf.zeros([n, H])
    c = tf.zeros([n, H])
    for t in range(T):
        z = tf.matmul(seq[:, t], Wx) + tf.matmul(h, Wh) + b
        i, f, g, o = tf.split(z, 4, axis=1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        h = tf.sigmoid(o) * tf.tanh(c)
    return h


def forward(seq):
    return tf.matmul(lstm(seq), Wo) + bo


opt = tf.keras.optimizers.Adam(learning_rate=0.01)


@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        logits = forward(xb)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=yb, logits=logits))
    grads = tape.gradient(loss, weights)
    grads, norm = tf.clip_by_global_norm(grads, 1.0)
    opt.apply_gradients(zip(grads, weights))
    return loss


@tf.function
def predict(xb):
    return tf.argmax(forward(xb), axis=1)


def accuracy(xs, ys):
    return float(np.mean(predict(tf.constant(xs)).numpy() == ys))


B = 75
for epoch in range(12):
    perm = rng.permutation(len(x_train))
    losses = [float(step(x_train[perm[i:i + B]], y_train[perm[i:i + B]])) for i in range(0, len(perm), B)]
    print(f"epoch {epoch + 1:2d}: loss = {np.mean(losses):.4f}, test acc = {accuracy(x_test, y_test):.3f}")

print("final test accuracy:", round(accuracy(x_test, y_test), 4))
