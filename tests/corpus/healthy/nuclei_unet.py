# Tiny U-Net on simulated nuclei. Memory on the lab laptop is small, so gradients
# are summed over micro-batches before one optimiser step.
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers as L

tf.keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)
S = 32


def simulate(n):
    yy, xx = np.mgrid[:S, :S]
    img = np.zeros((n, S, S, 1), "float32")
    msk = np.zeros((n, S, S, 1), "float32")
    for i in range(n):
        for _ in range(rng.integers(1, 4)):
            cy, cx = rng.uniform(5, S - 5, 2)
            a, b = rng.uniform(2.5, 5.5, 2)
            m = ((yy - cy) / a) ** 2 + ((xx - cx) / b) ** 2 < 1
            msk[i, m, 0] = 1
            img[i, m, 0] = rng.uniform(0.5, 0.9)
    img += rng.normal(0, 0.12, img.shape) + 0.1
    return img.clip(0, 1).astype("float32"), msk


def conv(x, f):
    x = L.Conv2D(f, 3, padding="same", use_bias=False)(x)
    x = L.GroupNormalization(groups=4)(x)
    return L.Activation("relu")(x)


def unet():
    inp = L.Input((S, S, 1))
    d1 = conv(inp, 8)
    d2 = conv(L.MaxPooling2D()(d1), 16)
    mid = conv(L.MaxPooling2D()(d2), 24)
    u2 = conv(L.Concatenate()([L.UpSampling2D()(mid), d2]), 16)
    u1 = conv(L.Concatenate()([L.UpSampling2D()(u2), d1]), 8)
    return keras.Model(inp, L.Conv2D(1, 1)(u1))


def soft_dice(truth, logits):
    p = tf.sigmoid(logits)
    inter = tf.reduce_sum(truth * p, axis=[1, 2, 3])
    total = tf.reduce_sum(truth + p, axis=[1, 2, 3])
    return 1.0 - tf.reduce_mean((2.0 * inter + 1.0) / (total + 1.0))


def objective(truth, logits):
    bce = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=truth, logits=logits))
    return soft_dice(truth, logits) + bce


def hard_dice(truth, logits):
    p = (logits > 0).astype("float32")
    return (2 * (truth * p).sum() + 1e-6) / (truth.sum() + p.sum() + 1e-6)


train_img, train_msk = simulate(256)
valid_img, valid_msk = simulate(64)
net = unet()
opt = keras.optimizers.Adam(4e-3)
opt.build(net.trainable_variables)

MICRO, STEPS = 16, 2
buffers = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]


@tf.function
def accumulate(x, y):
    with tf.GradientTape() as tape:
        loss = objective(y, net(x, training=True))
        part = loss / STEPS
    for buf, g in zip(buffers, tape.gradient(part, net.trainable_variables)):
        buf.assign_add(g)
    return loss


@tf.function
def commit():
    grads, norm = tf.clip_by_global_norm([b.read_value() for b in buffers], 1.0)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    for b in buffers:
        b.assign(tf.zeros_like(b))
    return norm


data = tf.data.Dataset.from_tensor_slices((train_img, train_msk)).shuffle(256).batch(MICRO)
for epoch in range(10):
    tot, norms = [], []
    for i, (bx, by) in enumerate(data):
        tot.append(float(accumulate(bx, by)))
        if (i + 1) % STEPS == 0:
            norms.append(float(commit()))
    logits = net(valid_img, training=False).numpy()
    print(f"epoch {epoch + 1:2d}  loss {np.mean(tot):.3f}  |g| {np.mean(norms):.2f}  "
          f"val dice {hard_dice(valid_msk, logits):.3f}")

pred = (net(valid_img, training=False).numpy() > 0)
inter = np.logical_and(pred, valid_msk > 0).sum()
union = np.logical_or(pred, valid_msk > 0).sum()
print(f"foreground share {valid_msk.mean():.3f}, final IoU {inter / union:.3f}")
