# Lesson 6 - a Keras model with a hand-made train_step
# A network without hidden layers and with one output IS linear regression.
import numpy as np
import tensorflow as tf
from tensorflow import keras

EPOCHS = 30
BATCH_SIZE = 32
tf.keras.utils.set_random_seed(0)

# ---- rentals of a small bike stand: six weather/calendar readings per hour --------
gen = np.random.default_rng(0)
n = 1200
hour = gen.integers(6, 23, n)
temp = 14 + 7 * np.sin((hour - 9) / 24 * 2 * np.pi) + gen.normal(0, 4, n)
humid = np.clip(85 - 1.6 * temp + gen.normal(0, 8, n), 20, 100)
wind = gen.gamma(2.2, 4.0, n)
rain = (gen.random(n) < 0.18) * gen.gamma(1.5, 1.2, n)
work = (gen.random(n) < 5 / 7).astype(float)
rentals = 40 + 3.1 * temp - .25 * humid - .8 * wind - 6.0 * rain + 9 * work + gen.normal(0, 7, n)

x = np.stack([hour, temp, humid, wind, rain, work], axis=1)
x = ((x - x.mean(0)) / x.std(0)).astype("float32")
y = ((rentals - rentals.mean()) / rentals.std()).astype("float32")
x, x_hold, y, y_hold = x[:1000], x[1000:], y[:1000], y[1000:]
print("x", x.shape, "y", y.shape)


def mse(y_true, y_pred):
    return tf.reduce_mean(tf.math.square(y_true - y_pred))  # expect-or: loss-shape


class LinearRegression(keras.Model):
    def build(self, input_shape):
        self.layer = keras.layers.Dense(1, kernel_initializer="zeros")
        self.layer.build(input_shape)
        self.built = True

    def call(self, input_data, training=None):
        return self.layer(input_data)

    def train_step(self, data):
        x, y = data

        with tf.GradientTape() as tape:
            prediction = self(x, training=True)
            loss = mse(y, prediction)  # expect: loss-shape

        trainable_vars = self.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply_gradients(zip(gradients, trainable_vars))
        return {"mse": loss}


linear_model = LinearRegression()
linear_model.compile(optimizer=keras.optimizers.SGD(0.02))
history = linear_model.fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
for e in (0, 1, 4, 9, 19, EPOCHS - 1):
    print(f"epoch {e + 1:3d}  mse {history.history['mse'][e]:.4f}")

weights, bias = linear_model.layer.get_weights()
exact, *_ = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)
print("learned :", weights[:, 0].round(3), bias.round(3))
print("lstsq   :", exact[:-1].round(3), exact[-1].round(3))

guess = linear_model.predict(x_hold, verbose=0)[:, 0]
r2 = 1 - np.sum((y_hold - guess) ** 2) / np.sum((y_hold - y_hold.mean()) ** 2)
print(f"R2 on the held-out hours: {r2:.3f}")
