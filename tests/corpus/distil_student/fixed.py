"""Knowledge distillation: big digit net -> tiny digit net, soft targets only."""
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras

keras.utils.set_random_seed(1)

X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=1, stratify=y)


def classifier(width, depth, name):
    net = keras.Sequential(name=name)
    net.add(keras.layers.Input((64,)))
    for _ in range(depth):
        net.add(keras.layers.Dense(width, activation="relu"))
    net.add(keras.layers.Dense(10, activation="softmax"))
    return net


class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0):
        super().__init__()
        self.student = student
        self.teacher = teacher
        self.teacher.trainable = False
        self.T = temperature
        self.kl = keras.losses.KLDivergence()
        self.acc = keras.metrics.SparseCategoricalAccuracy(name="acc")
        self.kl_mean = keras.metrics.Mean(name="kl")

    @property
    def metrics(self):
        return [self.kl_mean, self.acc]

    def soften(self, out):
        return tf.nn.softmax(tf.math.log(out + 1e-7) / self.T)

    def call(self, x, training=False):
        return self.student(x, training=training)

    def train_step(self, data):
        x, labels = data
        soft_targets = self.soften(self.teacher(x, training=False))
        with tf.GradientTape() as tape:
            pred = self.student(x, training=True)
            loss = self.kl(soft_targets, self.soften(pred)) * self.T ** 2
        vs = self.student.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, vs), vs))
        self.kl_mean.update_state(loss)
        self.acc.update_state(labels, pred)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, labels = data
        self.acc.update_state(labels, self.student(x, training=False))
        return {"acc": self.acc.result()}


teacher = classifier(128, 2, "teacher")
teacher.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
teacher.fit(X_tr, y_tr, epochs=10, batch_size=32, verbose=0)
print("teacher test accuracy %.3f" % teacher.evaluate(X_te, y_te, verbose=0)[1])

distiller = Distiller(classifier(12, 1, "student"), teacher)
distiller.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9))
distiller.fit(X_tr, y_tr, validation_data=(X_te, y_te), epochs=12, batch_size=32, verbose=2)
p = distiller.student.predict(X_te, verbose=0)
print("student test accuracy %.3f" % (p.argmax(1) == y_te).mean())
