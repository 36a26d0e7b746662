# Model not converging when trained with own loop (TF 2.x)
# same net + same data is fine with model.fit(), so I want to understand the loop
import os
import time
import numpy as np
import tensorflow as tf

np.random.seed(7)
tf.random.set_seed(7)

N = 1500
BS = 16
EPOCHS = 5


class MyKerasModel(tf.keras.Model):
    def __init__(self):
        super(MyKerasModel, self).__init__()
        self.d1 = tf.keras.layers.Dense(64, activation='tanh')
        self.d2 = tf.keras.layers.Dense(64, activation='tanh')
        self.out = tf.keras.layers.Dense(1)

    def call(self, inputs):
        h = self.d1(inputs)
        h = self.d2(h)
        return self.out(h)


def make_data(n):
    # heat sink: fan speed [krpm], power [W], ambient [C]  ->  surface temperature
    fan = np.random.uniform(0.6, 3.0, n)
    power = np.random.gamma(4.0, 6.0, n)
    amb = np.random.normal(23.0, 4.0, n)
    r_th = 0.35 + 0.9 / fan ** 0.8
    temp = amb + power * r_th + np.random.normal(0, 0.4, n)
    X = np.stack([fan, power, amb], axis=1)
    return X.astype('float32'), temp.astype('float32')


def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = tf.reduce_mean(tf.square(y - y_pred))  # expect: loss-shape
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


X, T = make_data(N + 500)
mu, sd = X[:N].mean(0), X[:N].std(0)
X = (X - mu) / sd
t_mu, t_sd = T[:N].mean(), T[:N].std()
T = (T - t_mu) / t_sd

x_tr, t_tr = X[:N], T[:N]
x_te, t_te = X[N:], T[N:]

dataset = tf.data.Dataset.from_tensor_slices((x_tr, t_tr)).shuffle(N).batch(BS)  # expect-or: loss-shape

model = MyKerasModel()
opt = tf.keras.optimizers.Adam(3e-3)

for epoch in range(EPOCHS):
    t0 = time.time()
    losses = []
    for x, y in dataset:
        losses.append(float(train_step(model, opt, x, y)))
    print('epoch %d  loss %.4f  (%.1fs)' % (epoch, np.mean(losses), time.time() - t0))

pred = model(x_te).numpy().ravel()
rmse = np.sqrt(np.mean((pred - t_te) ** 2)) * t_sd
r2 = 1 - np.sum((pred - t_te) ** 2) / np.sum((t_te - t_te.mean()) ** 2)
print('some predictions:', np.round(pred[:6] * t_sd + t_mu, 1))
print('      true value:', np.round(t_te[:6] * t_sd + t_mu, 1))
print('test RMSE %.2f K   R2 %.3f' % (rmse, r2))
