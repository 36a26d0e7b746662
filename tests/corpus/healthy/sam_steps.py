# sharpness-aware minimisation in train_step, plus an exponential moving average kept by the optimiser
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(16)


class SAM(keras.Model):
    rho = 0.05

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        tv = self.trainable_variables
        g = tape.gradient(loss, tv)
        scale = self.rho / (tf.linalg.global_norm(g) + 1e-12)
        shifts = [scale * gi for gi in g]
        for v, s in zip(tv, shifts):
            v.assign_add(s)
        with tf.GradientTape() as tape:
            pred = self(x, training=True)
            loss2 = self.compute_loss(x, y, pred)
        g2 = tape.gradient(loss2, tv)
        for v, s in zip(tv, shifts):
            v.assign_sub(s)
        self.optimizer.apply(g2, tv)
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(loss)
            else:
                m.update_state(y, pred)
        return {m.name: m.result() for m in self.metrics}


X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
x_tr, x_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=2, stratify=y)
inp = keras.Input((64,))
h = layers.Dense(96, activation="relu")(inp)
h = layers.Dense(48, activation="relu")(h)
model = SAM(inp, layers.Dense(10)(h))
model.compile(keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True, ema_momentum=0.95),
              keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(x_tr, y_tr, batch_size=32, epochs=15, validation_data=(x_te, y_te), verbose=2)
model.optimizer.finalize_variable_values(model.trainable_variables)
print("test accuracy with averaged weights:", model.evaluate(x_te, y_te, verbose=0, return_dict=True)["accuracy"])
