"""Keyword spotting on small log-mel fingerprints (synthetic words), recognised one utterance at a time."""
import numpy as np
import tensorflow as tf

from net import ConvExp

WORDS = ["up", "down", "left", "right", "stop"]
T, MELS = 16, 12
SEED = 40


def utterance(rng, word):
    """Each word is a pair of formant tracks in time; speakers differ in pitch, onset and loudness."""
    start, slope = [(3, 0.25), (9, -0.3), (4, 0.0), (8, 0.0), (6, 0.2)][word]
    second = [7, 2, 9, 4, 2][word]
    t = np.arange(T)[:, None]
    m = np.arange(MELS)[None, :]
    pitch, onset = rng.normal(0, 0.5), rng.integers(0, 4)
    track = start + pitch + slope * (t - onset)
    spec = np.exp(-0.5 * (m - track) ** 2) + 0.7 * np.exp(-0.5 * (m - second - pitch) ** 2) * (t > onset + 5)
    spec = spec * (t >= onset) * rng.uniform(0.7, 1.3) + 0.25 * rng.normal(size=(T, MELS))
    return spec[..., None]


def corpus(rng, n):
    y = rng.integers(0, len(WORDS), n)
    return np.stack([utterance(rng, w) for w in y]).astype("float32"), y.astype("int32")


tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
train_x, train_y = corpus(rng, 1000)
valid_x, valid_y = corpus(rng, 120)

net = ConvExp([8, 16], len(WORDS))
opt = tf.keras.optimizers.Adam(2e-3)
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_set = tf.data.Dataset.from_tensor_slices((train_x, train_y)).shuffle(1000, seed=SEED).batch(32)
valid_set = tf.data.Dataset.from_tensor_slices((valid_x, valid_y)).batch(1)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = xent(y, net(x, is_training=True))
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss


@tf.function
def recognise(x):
    return tf.nn.softmax(net(x, is_training=True))  # expect: train-mode


for epoch in range(7):
    losses = [float(train_step(x, y)) for x, y in train_set]
    right, nll = 0, 0.0
    for x, y in valid_set:
        p = recognise(x)[0].numpy()  # expect-or: train-mode
        right += int(p.argmax() == y[0])
        nll -= np.log(p[int(y[0])] + 1e-7)
    print(f"epoch {epoch + 1}: train loss {np.mean(losses):.4f}  "
          f"valid loss {nll / len(valid_y):.4f}  valid acc {right / len(valid_y):.3f}")
print(f"final validation accuracy {right / len(valid_y):.3f}")
