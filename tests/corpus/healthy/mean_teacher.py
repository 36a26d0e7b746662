"""Mean teacher (Tarvainen & Valpola) on the 8x8 digits: 150 labels, the rest unlabelled."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)

imgs, lab = load_digits(return_X_y=True)
imgs = (imgs / 16).astype("float32").reshape(-1, 8, 8, 1)
perm = rng.permutation(len(imgs))
test_i, train_i = perm[:450], perm[450:]

y_semi = np.full(len(train_i), -1, "int32")            # -1: nobody has labelled it
for c in range(10):
    hit = np.flatnonzero(lab[train_i] == c)[:15]
    y_semi[hit] = c
x_semi = imgs[train_i]
labelled, unlabelled = np.flatnonzero(y_semi >= 0), np.flatnonzero(y_semi < 0)
print(len(labelled), "labelled,", len(unlabelled), "unlabelled,", len(test_i), "test")


def make():
    L = tf.keras.layers
    return tf.keras.Sequential([
        tf.keras.Input((8, 8, 1)),
        L.Conv2D(32, 3, padding="same", activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(64, 3, padding="same", activation="relu"),
        L.Flatten(),
        L.Dropout(0.5),
        L.Dense(10),
    ])


student, teacher = make(), make()
teacher.set_weights(student.get_weights())
teacher.trainable = False
opt = tf.keras.optimizers.Adam(2e-3)


def jitter(x):
    x = tf.roll(x, tf.random.uniform([], -1, 2, tf.int32), axis=2)
    return x + tf.random.normal(tf.shape(x), stddev=0.1)


@tf.function
def step(x, y, weight, decay):
    has = tf.cast(y >= 0, tf.float32)
    target = tf.nn.softmax(teacher(jitter(x), training=True))
    with tf.GradientTape() as tape:
        logits = student(jitter(x), training=True)
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(y, 0), logits)
        ce = tf.reduce_sum(ce * has) / tf.reduce_sum(has)
        gap = tf.reduce_mean(tf.reduce_sum(tf.square(tf.nn.softmax(logits) - target), 1))
        loss = ce + weight * gap
    g = tape.gradient(loss, student.trainable_variables)
    opt.apply_gradients(zip(g, student.trainable_variables))
    for a, b in zip(teacher.variables, student.variables):
        if a.dtype.startswith("float"):
            a.assign(decay * a + (1 - decay) * b)
    return loss, ce, gap


def accuracy(m):
    p = m(imgs[test_i], training=False)
    return float(np.mean(np.argmax(p, 1) == lab[test_i]))


N = 500
for i in range(N):
    pick = np.concatenate([rng.choice(labelled, 24, False), rng.choice(unlabelled, 72, False)])
    ramp = np.exp(-5 * (1 - min(1.0, i / 250)) ** 2)
    out = step(tf.constant(x_semi[pick]), tf.constant(y_semi[pick]),
               tf.constant(6.0 * ramp, tf.float32), tf.constant(min(0.98, 1 - 1 / (i + 1)), tf.float32))
    if i % 75 == 0 or i == N - 1:
        print("step %3d  loss %.3f  ce %.3f  consistency %.4f  student %.3f  teacher %.3f"
              % (i, *map(float, out), accuracy(student), accuracy(teacher)))
print("teacher accuracy", round(accuracy(teacher), 4))
