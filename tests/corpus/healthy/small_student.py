"""Distil a wide digit classifier into one with 16 hidden units (Hinton et al. 2015)."""
import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 40
keras.utils.set_random_seed(SEED)

x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, stratify=y, random_state=SEED)


def mlp(*hidden, dropout=0.0):
    stack = [keras.Input((64,))]
    for width in hidden:
        stack += [keras.layers.Dense(width, activation="relu")]
        if dropout:
            stack += [keras.layers.Dropout(dropout)]
    return keras.Sequential(stack + [keras.layers.Dense(10)])


teacher = mlp(256, 256, dropout=0.4)
teacher.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
teacher.fit(x_tr, y_tr, batch_size=64, epochs=20, verbose=0)
teacher_acc = teacher.evaluate(x_te, y_te, verbose=0)[1]
teacher.trainable = False


class Distiller(keras.Model):
    """Trains `student`; `teacher` is only consulted."""

    def __init__(self, student, teacher, temperature=3.0, alpha=0.2):
        super().__init__()
        self.student, self.teacher = student, teacher
        self.temperature, self.alpha = temperature, alpha
        self.acc = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        self.soft = keras.metrics.Mean(name="kl")

    def call(self, x, training=False):
        return self.student(x, training=training)

    @property
    def metrics(self):
        return [self.acc, self.soft]

    def train_step(self, data):
        x, y = data
        soft_target = tf.nn.softmax(self.teacher(x, training=False) / self.temperature)
        with tf.GradientTape() as tape:
            logits = self.student(x, training=True)
            hard = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
            kl = keras.losses.kl_divergence(soft_target, tf.nn.softmax(logits / self.temperature))
            loss = tf.reduce_mean(self.alpha * hard + (1 - self.alpha) * self.temperature ** 2 * kl)
        grads = tape.gradient(loss, self.student.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.student.trainable_variables))
        self.acc.update_state(y, logits)
        self.soft.update_state(kl)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        logits = self.student(x, training=False)
        self.acc.update_state(y, logits)
        soft_target = tf.nn.softmax(self.teacher(x, training=False) / self.temperature)
        self.soft.update_state(keras.losses.kl_divergence(
            soft_target, tf.nn.softmax(logits / self.temperature)))
        return {m.name: m.result() for m in self.metrics}


distiller = Distiller(mlp(16), teacher)
distiller.compile(optimizer=keras.optimizers.Adam(5e-3))
distiller.fit(x_tr, y_tr, batch_size=64, epochs=40, validation_data=(x_te, y_te), verbose=2)

student = distiller.student
acc = float(np.mean(np.argmax(student.predict(x_te, verbose=0), 1) == y_te))
print("teacher %d weights: accuracy %.4f" % (teacher.count_params(), teacher_acc))
print("student %d weights: accuracy %.4f" % (student.count_params(), acc))
