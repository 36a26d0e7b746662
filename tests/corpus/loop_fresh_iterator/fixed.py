import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(6)
images, digits = load_digits(return_X_y=True)
images = images.astype("float32") / 16
train = tf.data.Dataset.from_tensor_slices((images[:1400], digits[:1400])).batch(40).prefetch(1)
net = tf.keras.Sequential([tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(10)])
optimizer = tf.keras.optimizers.Adam(3e-3)
criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class Batches:
    def __init__(self, dataset):
        self.rows = iter(dataset.repeat())

    def draw(self):
        return next(self.rows)


source = Batches(train)
for step in range(400):
    x, y = source.draw()
    with tf.GradientTape() as tape:
        loss = criterion(y, net(x, training=True))
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
guess = tf.argmax(net(images[1400:]), axis=1).numpy()
print("held out:", (guess == digits[1400:]).mean(), "loss", float(loss))
