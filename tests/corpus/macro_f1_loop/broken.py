import time
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

N_CLASSES = 10
tf.keras.utils.set_random_seed(0)


class MacroF1(tf.keras.metrics.Metric):
    def __init__(self, n, name="macro_f1", **kw):
        super().__init__(name=name, **kw)
        self.n = n
        self.cm = self.add_weight(name="cm", shape=(n, n), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        guess = tf.argmax(y_pred, axis=-1)
        batch = tf.math.confusion_matrix(y_true, guess, num_classes=self.n, dtype=tf.float32)
        self.cm.assign(batch)  # expect: metric-wrong

    def result(self):
        cm = tf.convert_to_tensor(self.cm)
        tp = tf.linalg.diag_part(cm)
        precision = tf.math.divide_no_nan(tp, tf.reduce_sum(cm, axis=0))
        recall = tf.math.divide_no_nan(tp, tf.reduce_sum(cm, axis=1))
        return tf.reduce_mean(tf.math.divide_no_nan(2 * precision * recall, precision + recall))

    def reset_state(self):
        self.cm.assign(tf.zeros((self.n, self.n)))


d = load_digits()
X_tr, X_va, y_tr, y_va = train_test_split(
    (d.images / 16.0).astype("float32")[..., None], d.target, test_size=0.25, random_state=8)
train_ds = tf.data.Dataset.from_tensor_slices((X_tr, y_tr)).shuffle(1500).batch(32)
val_ds = tf.data.Dataset.from_tensor_slices((X_va, y_va)).batch(64)

inp = tf.keras.Input((8, 8, 1))
h = tf.keras.layers.Conv2D(16, 3, activation="relu")(inp)
h = tf.keras.layers.Conv2D(32, 3, activation="relu")(h)
h = tf.keras.layers.Flatten()(h)
net = tf.keras.Model(inp, tf.keras.layers.Dense(N_CLASSES)(h))

opt = tf.keras.optimizers.Adam(2e-3)
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_loss, val_loss, f1 = tf.keras.metrics.Mean(), tf.keras.metrics.Mean(), MacroF1(N_CLASSES)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = xent(y, net(x, training=True))
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    train_loss.update_state(loss)


@tf.function
def val_step(x, y):
    logits = net(x, training=False)
    val_loss.update_state(xent(y, logits))
    f1.update_state(y, logits)


for epoch in range(8):
    t0 = time.time()
    for m in (train_loss, val_loss, f1):
        m.reset_state()
    for x, y in train_ds:
        train_step(x, y)
    for x, y in val_ds:
        val_step(x, y)
    print("epoch %d  train %.4f  val %.4f  macro F1 %.4f  (%.1fs)" % (
        epoch + 1, train_loss.result(), val_loss.result(), f1.result(), time.time() - t0))
