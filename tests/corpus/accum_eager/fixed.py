# Fine-grained gradient accumulation on the digits set.
# My laptop can't hold the real images in batches of more than 16, so this is the
# dry run of the accumulation code on something small before I move it to the cluster.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 42
MICRO = 16          # what fits in memory
ACCUM = 16          # micro batches per update
EPOCHS = 18
LR = 0.2

np.random.seed(SEED)
tf.random.set_seed(SEED)

imgs, digits = load_digits(return_X_y=True)
imgs = (imgs / 16.0).astype(np.float32)
xtr, xva, ytr, yva = train_test_split(imgs, digits, test_size=0.25, random_state=SEED, stratify=digits)
print("train", xtr.shape, "val", xva.shape)

net = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(64,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(10),
])
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
opt = tf.keras.optimizers.SGD(learning_rate=LR, momentum=0.9)


def micro_batches(x, y, size):
    order = np.random.permutation(len(x))
    for lo in range(0, len(x) - size + 1, size):
        pick = order[lo:lo + size]
        yield x[pick], y[pick]


@tf.function(reduce_retracing=True)
def forward_backward(xb, yb):
    with tf.GradientTape() as tape:
        logits = net(xb, training=True)
        loss = xent(yb, logits)
    return loss, logits, tape.gradient(loss, net.trainable_variables)


def zeros():
    return [tf.zeros_like(v) for v in net.trainable_variables]


buffers, filled = zeros(), 0
n_updates = 0
for epoch in range(1, EPOCHS + 1):
    losses, hits, seen = [], 0, 0
    for xb, yb in micro_batches(xtr, ytr, MICRO):
        loss, logits, grads = forward_backward(tf.constant(xb), tf.constant(yb))
        buffers = [b + g / ACCUM for b, g in zip(buffers, grads)]
        filled += 1
        if filled == ACCUM:
            opt.apply_gradients(zip(buffers, net.trainable_variables))
            buffers, filled = zeros(), 0
            n_updates += 1
        losses.append(float(loss))
        hits += int(np.sum(np.argmax(logits.numpy(), axis=1) == yb))
        seen += len(yb)
    if epoch % 3 == 0 or epoch == 1:
        lv = net(xva, training=False)
        va = np.mean(np.argmax(lv.numpy(), axis=1) == yva)
        print(f"epoch {epoch:2d}  updates {n_updates:3d}  loss {np.mean(losses):8.4f}  acc {hits / seen:.3f}"
              f"  | val loss {float(xent(yva, lv)):8.4f}  val acc {va:.3f}")

final = np.argmax(net(xva, training=False).numpy(), axis=1)
print("final validation accuracy %.4f" % np.mean(final == yva))
