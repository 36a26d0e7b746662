"""Knowledge distillation: a convnet teaches a thin MLP through its soft predictions."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

SEED = 20
keras.utils.set_random_seed(SEED)
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x, xt = (a[..., None].astype("float32") / 255. for a in (x, xt))
p = np.random.permutation(len(x))
x, y = x[p], y[p]
x_val, y_val, x, y = x[:300], y[:300], x[300:], y[300:]

ce = lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True)

teacher = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, strides=2, activation="relu"), layers.Conv2D(32, 3, strides=2, activation="relu"),
    layers.Flatten(), layers.Dropout(.4), layers.Dense(64, activation="relu"), layers.Dropout(.4), layers.Dense(10)])
teacher.compile("adam", ce(), metrics=["accuracy"])
teacher.fit(x, y, batch_size=32, epochs=10, verbose=0)
print("teacher: test accuracy %.3f" % teacher.evaluate(xt, yt, verbose=0)[1])


class Distiller(keras.Model):
    """Wraps the student; the teacher only predicts, its weights stay as they are."""

    def __init__(self, student, teacher, alpha=.2, temperature=4.):
        super().__init__()
        self.student, self.teacher = student, teacher
        self.teacher.trainable = False
        self.alpha, self.temperature = alpha, temperature

    def call(self, x, training=False):
        return self.student(x, training=training)

    def train_step(self, data):
        x, y = data
        T = self.temperature
        soft = tf.nn.softmax(self.teacher(x, training=False) / T)
        with tf.GradientTape() as tape:
            logits = self.student(x, training=True)
            hard = self.compute_loss(x=x, y=y, y_pred=logits)
            kl = tf.reduce_sum(soft * (tf.math.log(soft + 1e-9) - tf.nn.log_softmax(logits / T)), axis=1)
            kd = tf.reduce_mean(kl) * T ** 2          # T^2 keeps the gradients on the scale of the hard loss
            loss = self.alpha * hard + (1 - self.alpha) * kd
        v = self.student.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, v), v))
        for m in self.metrics:
            m.update_state(loss) if m.name == "loss" else m.update_state(y, logits)
        return {m.name: m.result() for m in self.metrics}


shift = keras.Sequential([keras.Input((28, 28, 1)), layers.RandomTranslation(.04, .04, fill_mode="constant")])
ds = (tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2000, seed=SEED).batch(64)
      .map(lambda a, b: (shift(a, training=True), b)).prefetch(2))
student = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(10)])
model = Distiller(student, teacher)
model.compile(keras.optimizers.Adam(3e-3), loss=ce(), metrics=["accuracy"])
model.fit(ds, validation_data=(x_val, y_val), epochs=24, verbose=2)
scores = model.evaluate(xt, yt, verbose=0, return_dict=True)
print("student: %d weights, test accuracy %.3f" % (student.count_params(), scores["accuracy"]))
