import tensorflow as tf
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(17)
X, y = load_breast_cancer(return_X_y=True)
Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.3, stratify=y, random_state=17)
sc = StandardScaler().fit(Xtr)
Xtr, Xva = sc.transform(Xtr).astype("float32"), sc.transform(Xva).astype("float32")
ytr, yva = ytr.astype("float32"), yva.astype("float32")


def batches(X, y, train):
    d = tf.data.Dataset.from_tensor_slices((X, y))
    if train:
        return d.shuffle(len(X), reshuffle_each_iteration=True).batch(32, drop_remainder=True)
    return d.batch(57)


dtr, dva = batches(Xtr, ytr, True), batches(Xva, yva, False)

clf = tf.keras.Sequential([
    tf.keras.layers.Input((30,)),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dropout(0.2),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(2e-3)


def xent(labels, logits):
    labels = tf.reshape(labels, tf.shape(logits))
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def hits(labels, logits):
    guess = tf.cast(logits > 0.0, tf.float32)
    return tf.reduce_mean(tf.cast(tf.equal(guess[:, 0], labels), tf.float32))


@tf.function
def train_on(xb, yb):
    with tf.GradientTape() as tape:
        z = clf(xb, training=True)
        l = xent(yb, z)
    opt.apply_gradients(zip(tape.gradient(l, clf.trainable_variables), clf.trainable_variables))
    return l, hits(yb, z)


@tf.function
def test_on(xb, yb):
    z = clf(xb, training=False)
    return xent(yb, z), hits(yb, z)


for epoch in range(20):
    log = np.array([[float(v) for v in train_on(a, b)] for a, b in dtr]).mean(0)
    if epoch % 4 == 3:
        vlog = np.array([[float(v) for v in test_on(a, b)] for a, b in dva]).mean(0)
        print(f"{epoch + 1:>3}  loss {log[0]:.3f}  acc {log[1]:.3f}   |  val loss {vlog[0]:.3f}  val acc {vlog[1]:.3f}")
