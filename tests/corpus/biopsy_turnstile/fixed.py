"""Cytology triage. Trains on the historical slides, then replays the held-out
cases the way the clinic sends them: one at a time."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(11)


class ConvBlock1x1(tf.keras.layers.Layer):
    """Linear -> BN -> ReLU, as in our torch repo."""

    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.lin = tf.keras.layers.Dense(units, use_bias=False)
        self.bn = tf.keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)

    def build(self, shape):
        self.lin.build(shape)
        self.bn.build((shape[0], self.lin.units))

    def call(self, x, training=None):
        h = self.bn(self.lin(x), training=training)
        return tf.nn.relu(h)


class Triage(tf.keras.Model):
    def __init__(self, widths=(48, 24)):
        super().__init__()
        self.blocks = [ConvBlock1x1(w) for w in widths]
        self.out = tf.keras.layers.Dense(1)

    def call(self, x, training=None):
        for b in self.blocks:
            x = b(x, training=training)
        return self.out(x)


def load():
    raw = load_breast_cancer()
    xtr, xte, ytr, yte = train_test_split(
        raw.data, raw.target, test_size=0.25, stratify=raw.target, random_state=4)
    sc = StandardScaler().fit(xtr)
    f = lambda a: sc.transform(a).astype("float32")
    return f(xtr), ytr.astype("float32")[:, None], f(xte), yte.astype("float32")[:, None]


xtr, ytr, xte, yte = load()
train = (tf.data.Dataset.from_tensor_slices((xtr, ytr))
         .shuffle(len(xtr), seed=3).batch(32, drop_remainder=True))
clinic = tf.data.Dataset.from_tensor_slices((xte, yte)).batch(1)

net = Triage()
net.compile(
    optimizer=tf.keras.optimizers.SGD(0.02, momentum=0.9),
    loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
)
hist = net.fit(train, validation_data=clinic, epochs=8, verbose=2)

scores = np.concatenate([net(row, training=False).numpy() for row, _ in clinic])
benign = scores[:, 0] > 0
truth = yte[:, 0] > 0.5
print("cases replayed     :", len(scores))
print("benign / malignant :", int(benign.sum()), "/", int((~benign).sum()))
print("sensitivity        : %.3f" % (~benign[~truth]).mean())
print("specificity        : %.3f" % benign[truth].mean())
print("score range        : %.3f .. %.3f" % (scores.min(), scores.max()))
