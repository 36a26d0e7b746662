"""Short binary codes for image search: an autoencoder with a one-bit bottleneck."""
import numpy as np
import tensorflow as tf

BITS = 20
tf.keras.utils.set_random_seed(4)

(train, _), (test, _) = tf.keras.datasets.fashion_mnist.load_data()


def prepare(images):
    small = tf.nn.avg_pool2d(images[..., None].astype("float32") / 255.0, 2, 2, "VALID")
    return tf.reshape(small, [len(images), 196]).numpy()


x, x_test = prepare(train), prepare(test)
mean = x.mean(axis=0)
x, x_test = (x - mean) / 0.3, (x_test - mean) / 0.3
x, x_val = x[:1700], x[1700:]


class Coder(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.down = tf.keras.layers.Dense(96, activation="relu")
        self.project = tf.keras.layers.Dense(BITS)
        self.up = tf.keras.layers.Dense(96, activation="relu")
        self.paint = tf.keras.layers.Dense(196)

    def bits(self, images):
        soft = tf.tanh(self.project(self.down(images)))
        hard = tf.where(soft > 0, 1.0, -1.0)  # expect-or: gradient-disconnected
        return hard  # expect: gradient-disconnected

    def call(self, images):
        return self.paint(self.up(self.bits(images)))


coder = Coder()
coder.build((None, 196))
adam = tf.keras.optimizers.Adam(2e-3)


@tf.function
def update(batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.math.squared_difference(coder(batch), batch))
    weights = coder.trainable_variables
    adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def explained(images):
    rest = tf.reduce_sum(tf.square(images - coder(images)))
    return float(1.0 - rest / tf.reduce_sum(tf.square(images)))


batches = tf.data.Dataset.from_tensor_slices(x).shuffle(len(x)).batch(50)
for epoch in range(1, 31):
    loss = np.mean([update(b).numpy() for b in batches])
    if epoch % 3 == 0:
        print(f"{epoch:3d}  loss {loss:.4f}  validation: variance explained {explained(x_val):.3f}")

used = tf.reduce_mean(coder.bits(x_test), axis=0).numpy()
print("bits that take both values:", int(np.sum(np.abs(used) < 0.99)), "of", BITS)
print(f"test: variance explained {explained(x_test):.3f}")
