import time
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.random.set_seed(0); np.random.seed(0); keras.utils.set_random_seed(0)
(xtr, ytr), (xte, yte) = tf.keras.datasets.fashion_mnist.load_data()
prep = lambda a: (a.astype("float32") / 255.0)[..., None]
xtr, xte = prep(xtr), prep(xte)
ytr, yte = ytr.ravel().astype("int64"), yte.ravel().astype("int64")

teacher = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, strides=2, activation="relu"),
    layers.Conv2D(32, 3, strides=2, activation="relu"),
    layers.Flatten(), layers.Dropout(0.3), layers.Dense(64, activation="relu"), layers.Dense(10)], name="teacher")
student = keras.Sequential([
    keras.Input((28, 28, 1)), layers.AveragePooling2D(2), layers.Flatten(),
    layers.Dense(24, activation="relu"), layers.Dense(10)], name="student")

xe = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
teacher.compile(keras.optimizers.Adam(2e-3), xe, metrics=["accuracy"])
t0 = time.time()
teacher.fit(xtr, ytr, epochs=8, batch_size=64, verbose=0)
t_acc = teacher.evaluate(xte, yte, verbose=0)[1]
print(f"teacher: {teacher.count_params()} weights, test accuracy {t_acc:.3f}, {time.time() - t0:.1f}s")
teacher.trainable = False


class Distiller(keras.Model):
    def __init__(self, student, teacher, T=3.0, alpha=0.3):
        super().__init__()
        self.student, self.teacher, self.T, self.alpha = student, teacher, T, alpha
        self.acc = keras.metrics.SparseCategoricalAccuracy(name="acc")
        self.hard, self.soft = keras.metrics.Mean(name="hard"), keras.metrics.Mean(name="soft")

    @property
    def metrics(self):
        return [self.acc, self.hard, self.soft]

    def call(self, x, training=None):
        return self.student(x, training=training)

    def train_step(self, batch):
        x, y = batch
        t_prob = tf.nn.softmax(self.teacher(x, training=False) / self.T)
        with tf.GradientTape() as tape:
            logit = self.student(x, training=True)
            hard = xe(y, logit)
            log_s = tf.nn.log_softmax(logit / self.T)
            soft = tf.reduce_mean(tf.reduce_sum(t_prob * (tf.math.log(t_prob + 1e-8) - log_s), 1)) * self.T ** 2
            total = self.alpha * hard + (1 - self.alpha) * soft
        g = tape.gradient(total, self.student.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.student.trainable_variables))
        self.acc.update_state(y, logit); self.hard.update_state(hard); self.soft.update_state(soft)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, batch):
        x, y = batch
        logit = self.student(x, training=False)
        self.acc.update_state(y, logit); self.hard.update_state(xe(y, logit))
        return {"acc": self.acc.result(), "hard": self.hard.result()}


d = Distiller(student, teacher)
d.compile(optimizer=keras.optimizers.Adam(5e-3))
d.fit(xtr, ytr, batch_size=64, epochs=15, validation_data=(xte, yte), verbose=2)
agree = (student.predict(xte, verbose=0).argmax(1) == teacher.predict(xte, verbose=0).argmax(1)).mean()
s_acc = (student.predict(xte, verbose=0).argmax(1) == yte).mean()
print(f"student: {student.count_params()} weights, accuracy {s_acc:.3f} (teacher {t_acc:.3f}), agreement {agree:.3f}")
