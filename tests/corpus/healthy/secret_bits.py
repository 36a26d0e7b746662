"""Does a small network find a hidden parity? Fresh samples in every step, labels are -1 / +1."""
import numpy as np
import tensorflow as tf

BITS, SECRET = 16, (2, 7, 11)
STEPS, BATCH = 1200, 128

tf.keras.utils.set_random_seed(6)
gen = np.random.default_rng(6)


def sample(n):
    x = gen.choice([-1.0, 1.0], size=(n, BITS)).astype(np.float32)
    return x, np.prod(x[:, SECRET], axis=1)


class Net(tf.keras.layers.Layer):
    def __init__(self, hidden):
        super().__init__()
        self.hidden = hidden

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.hidden), initializer="he_uniform", name="w")
        self.b = self.add_weight(shape=(self.hidden,), initializer="random_normal", name="b")
        self.a = self.add_weight(shape=(self.hidden,),
                                 initializer=tf.keras.initializers.RandomNormal(stddev=0.03), name="a")

    def call(self, x):
        return tf.linalg.matvec(tf.nn.relu(x @ self.w + self.b), self.a)


net = Net(128)
net.build((None, BITS))
opt = tf.keras.optimizers.AdamW(2e-3, weight_decay=1e-3)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softplus(-y * net(x)))
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return loss


test_x, test_y = sample(4000)
history = []
for t in range(1, STEPS + 1):
    history.append(float(step(*sample(BATCH))))
    if t % 100 == 0:
        agree = np.mean(np.sign(net(test_x).numpy()) == test_y)
        print(f"{t:5d}  loss {np.mean(history[-100:]):.4f}  test {agree:.3f}")
