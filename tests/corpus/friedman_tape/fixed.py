# custom training loop for a regression - it converges to the mean of y. model.fit with mse works!
import numpy as np
import tensorflow as tf
import matplotlib
matplotlib.use("Agg")
from matplotlib import pyplot as plt
from sklearn.datasets import make_friedman1
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers, Model

tf.random.set_seed(3)
X, y = make_friedman1(n_samples=1500, n_features=8, noise=0.3, random_state=0)
X = (2 * X - 1).astype("float32")
y = ((y - y.mean()) / y.std()).astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)


class Net(Model):
    def __init__(self):
        super().__init__()
        self.d1 = layers.Dense(64, activation="relu")
        self.d2 = layers.Dense(64, activation="relu")
        self.out = layers.Dense(1)

    def call(self, x):
        x = self.d1(x)
        x = self.d2(x)
        return self.out(x)


net = Net()
opt = tf.keras.optimizers.Adam(learning_rate=3e-3)
# opt = tf.keras.optimizers.SGD(1e-2, momentum=0.9)


def objective(target, output):
    return tf.reduce_mean(tf.square(target - tf.squeeze(output, axis=1)))


@tf.function
def train_step(xb, yb):
    with tf.GradientTape() as tape:
        out = net(xb)
        loss = objective(yb, out)
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss


ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(2000).batch(32)
curve = []
for epoch in range(40):
    epoch_loss = tf.keras.metrics.Mean()
    for xb, yb in ds:
        epoch_loss.update_state(train_step(xb, yb))
    curve.append(float(epoch_loss.result()))
    if epoch % 5 == 0:
        print("Epoch", epoch, "loss", curve[-1])

pred = net(X_test).numpy().ravel()
plt.scatter(y_test, pred, s=3)
# plt.savefig('scatter.png')
print("pred mean/std", pred.mean(), pred.std(), "target std", y_test.std())
print("R2 on test:", r2_score(y_test, pred))
