"""Same network, trained once with fit() last week; here with my own loop."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.random.set_seed(3)
np.random.seed(3)


class AgeNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.d1 = tf.keras.layers.Dense(64, activation="relu")
        self.d2 = tf.keras.layers.Dense(64, activation="relu")
        self.out = tf.keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.d2(self.d1(x)))


x, age = make_friedman1(n_samples=3000, n_features=10, noise=0.5, random_state=3)
x_train, x_test, age_train, age_test = train_test_split(x, age, test_size=0.2, random_state=3)

sx = StandardScaler().fit(x_train)
x_train = sx.transform(x_train).astype("float32")
x_test = sx.transform(x_test).astype("float32")
mu, sd = age_train.mean(), age_train.std()
y_train = ((age_train - mu) / sd).astype("float32")

train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train))
train_ds = train_ds.shuffle(len(x_train), seed=3).batch(16)

model = AgeNet()
optimizer = tf.keras.optimizers.Adam(1e-3)
epoch_loss = tf.keras.metrics.Mean()


@tf.function
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_pred = model(x, training=True)
        loss = tf.reduce_mean(tf.math.squared_difference(y[:, tf.newaxis], y_pred))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for epoch in range(20):
    epoch_loss.reset_state()
    for xb, yb in train_ds:
        epoch_loss.update_state(train_step(model, optimizer, xb, yb))
    print("epoch %2d  mse %.4f" % (epoch, epoch_loss.result()))

pred = model(x_test, training=False).numpy()[:, 0] * sd + mu
r2 = 1 - np.mean((pred - age_test) ** 2) / np.var(age_test)
print("test R2 %.3f" % r2)
