"""CTC: read a symbol string out of unsegmented noisy frames."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(8)
V, DIM, FRAMES, MAXLEN = 8, 12, 40, 7          # symbols are 1..V; class 0 is the CTC blank
proto = np.random.default_rng(123).normal(size=(V + 1, DIM)).astype("float32")
proto[0] = 0.0                                 # silence


def utterances(n, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros((n, FRAMES, DIM), "float32")
    lab = np.zeros((n, MAXLEN), "int32")
    lab_len = rng.integers(3, MAXLEN + 1, n).astype("int32")
    frm_len = np.zeros(n, "int32")
    for i in range(n):
        t = int(rng.integers(0, 3))
        for j in range(lab_len[i]):
            s = rng.integers(1, V + 1)
            lab[i, j] = s
            d = int(rng.integers(2, 5))
            x[i, t:t + d] = proto[s]
            t += d + 1                         # always a silent frame, so repeats stay separable
        frm_len[i] = min(t + 1, FRAMES)
    x += 0.45 * rng.normal(size=x.shape).astype("float32")
    x *= (np.arange(FRAMES)[None, :, None] < frm_len[:, None, None])
    return x, lab, frm_len, lab_len


train, val = utterances(2400, 0), utterances(400, 1)

net = keras.Sequential([
    keras.Input((FRAMES, DIM)),
    layers.Conv1D(48, 3, padding="same", activation="relu"),
    layers.Conv1D(48, 5, padding="same", activation="relu"),
    layers.Conv1D(48, 3, padding="same", activation="relu"),
    layers.Dense(V + 1),
])
opt = keras.optimizers.Adam(2e-3, global_clipnorm=5.0)


def loss_fn(x, lab, fl, ll):
    logits = net(x)
    per = tf.nn.ctc_loss(labels=lab, logits=logits, label_length=ll, logit_length=fl,
                         logits_time_major=False, blank_index=0)
    return tf.reduce_mean(per)


@tf.function
def step(x, lab, fl, ll):
    with tf.GradientTape() as tape:
        loss = loss_fn(x, lab, fl, ll)
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


def edit(a, b):
    d = np.arange(len(b) + 1)
    for i, ca in enumerate(a, 1):
        prev, d[0] = d[0], i
        for j, cb in enumerate(b, 1):
            prev, d[j] = d[j], min(d[j] + 1, d[j - 1] + 1, prev + (ca != cb))
    return d[-1]


def error_rate(part):
    x, lab, fl, ll = part
    best = np.argmax(net(x).numpy(), -1)
    err = 0
    for i in range(len(x)):
        path = best[i, :fl[i]]
        keep = np.r_[True, path[1:] != path[:-1]] & (path != 0)
        err += edit(list(path[keep]), list(lab[i, :ll[i]]))
    return err / ll.sum()


sub = tuple(a[:400] for a in train)
print(f"before training: symbol error rate {error_rate(val):.3f}")
ds = tf.data.Dataset.from_tensor_slices(train).shuffle(2400, seed=0).batch(60, drop_remainder=True)
for epoch in range(4):
    m = np.mean([float(step(*b)) for b in ds])
    print(f"epoch {epoch + 1}  ctc loss {m:7.3f}  val loss {float(loss_fn(*val)):7.3f}  "
          f"SER train {error_rate(sub):.3f} val {error_rate(val):.3f}")
