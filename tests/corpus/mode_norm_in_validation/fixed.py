import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine

tf.keras.utils.set_random_seed(14)


class WineNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.d1 = tf.keras.layers.Dense(32)
        self.n1 = tf.keras.layers.BatchNormalization(momentum=0.9)
        self.d2 = tf.keras.layers.Dense(16)
        self.n2 = tf.keras.layers.BatchNormalization(momentum=0.9)
        self.out = tf.keras.layers.Dense(3)

    def call(self, x, training=False):
        x = tf.nn.relu(self.n1(self.d1(x), training=training))
        x = tf.nn.relu(self.n2(self.d2(x), training=training))
        return self.out(x)


x, y = load_wine(return_X_y=True)
y = y.astype(np.int32)
val = np.arange(len(x)) % 3 == 0
x = ((x - x[~val].mean(0)) / x[~val].std(0)).astype(np.float32)
train_x, train_y, val_x, val_y = x[~val], y[~val], x[val], y[val]

model = WineNet()
optimizer = tf.keras.optimizers.Adam(0.005)
criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_ds = tf.data.Dataset.from_tensor_slices((train_x, train_y)).shuffle(200).batch(24, drop_remainder=True)
val_ds = tf.data.Dataset.from_tensor_slices((val_x, val_y)).batch(10)

for epoch in range(1, 21):
    for xb, yb in train_ds:
        with tf.GradientTape() as tape:
            logits = model(xb, training=True)
            loss = criterion(yb, logits)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))

    right, val_losses = 0, []
    for xb, yb in val_ds:
        logits = model(xb, training=False)
        val_losses.append(float(criterion(yb, logits)))
        right += int(np.sum(np.argmax(logits, 1) == yb.numpy()))
    if epoch % 5 == 0:
        print("Epoch %d  loss %.4f  val loss %.4f  val acc %.3f"
              % (epoch, float(loss), np.mean(val_losses), right / len(val_y)))

print("validation accuracy: %.3f" % (right / len(val_y)))
