"""Adding problem with an identity-initialised ReLU RNN (Le, Jaitly & Hinton 2015), from scratch."""
import numpy as np
import tensorflow as tf

T, H, B = 60, 48, 64
tf.random.set_seed(0)
rng = np.random.default_rng(0)


def sample(n):
    vals = rng.random((n, T)).astype("float32")
    mask = np.zeros((n, T), "float32")
    for row in mask:
        row[rng.integers(0, T // 2)] = 1.0
        row[rng.integers(T // 2, T)] = 1.0
    return np.stack([vals, mask], -1), (vals * mask).sum(1, keepdims=True)


Wx = tf.Variable(tf.random.normal([2, H], stddev=0.3))
Wh = tf.Variable(tf.eye(H) + tf.random.normal([H, H], stddev=0.01))
bh = tf.Variable(tf.zeros([H]))
Wo = tf.Variable(tf.random.normal([H, 1], stddev=0.1))
bo = tf.Variable(tf.ones([1]))
theta = [Wx, Wh, bh, Wo, bo]

opt = tf.keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)


def unroll(seq):
    h = tf.zeros([tf.shape(seq)[0], H])
    for x_t in tf.unstack(seq, T, axis=1):
        h = tf.nn.relu(x_t @ Wx + h @ Wh + bh)
    return h @ Wo + bo


@tf.function
def train(seq, target):
    with tf.GradientTape() as tape:
        err = tf.reduce_mean(tf.square(unroll(seq) - target))
    grads = tape.gradient(err, theta)
    clipped, gnorm = tf.clip_by_global_norm(grads, 0.5)
    opt.apply_gradients(zip(grads, theta))  # expect: exploding-gradient
    return err, gnorm


seq_val, tgt_val = sample(500)
print("baseline mse (predict 1.0): %.4f" % np.mean((tgt_val - 1.0) ** 2))

window = []
for it in range(1, 1201):
    s, t = sample(B)
    e, g = train(tf.constant(s), tf.constant(t))
    window.append(float(e))
    if it % 200 == 0:
        val = float(tf.reduce_mean(tf.square(unroll(seq_val) - tgt_val)))
        print(f"it {it:5d}  train {np.mean(window):.4f}  val {val:.4f}  |g| {float(g):.2f}")
        window.clear()
