"""Sparse parity: y = XOR of 3 secret bits out of 20.

No single bit carries information about y, so the loss sits at log 2 until the
network has assembled the right triple; then it drops within a few hundred steps.
Every batch is fresh (online learning), so there is no training set to memorise.
"""
import numpy as np
import tensorflow as tf

SEED = 12
N_BITS, SECRET, BATCH, STEPS = 20, (2, 7, 13), 256, 2400

tf.random.set_seed(SEED)
gen = tf.random.Generator.from_seed(SEED)


def draw(n):
    bits = gen.uniform((n, N_BITS), 0, 2, dtype=tf.int32)
    target = tf.math.floormod(tf.reduce_sum(tf.gather(bits, SECRET, axis=1), axis=1), 2)
    return 2.0 * tf.cast(bits, tf.float32) - 1.0, tf.cast(target, tf.float32)


net = tf.keras.Sequential([
    tf.keras.Input((N_BITS,)),
    tf.keras.layers.Dense(128, activation="relu"),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(1e-3, STEPS))
test_x, test_y = draw(5000)


@tf.function
def train_step():
    x, y = draw(BATCH)
    with tf.GradientTape() as tape:
        logit = tf.squeeze(net(x, training=True), -1)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logit))
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss


def accuracy():
    return float(tf.reduce_mean(tf.cast((tf.squeeze(net(test_x), -1) > 0) == (test_y > 0.5), tf.float32)))


window = []
for step in range(1, STEPS + 1):
    window.append(float(train_step()))
    if step % 100 == 0:
        print(f"step {step:5d}  loss {np.mean(window):.4f}  test accuracy {accuracy():.4f}")
        window.clear()
print(f"parity solved: accuracy {accuracy():.4f}")
