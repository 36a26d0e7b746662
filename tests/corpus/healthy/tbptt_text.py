"""Character model with truncated back-propagation through time and hand-carried GRU state.

The text is cut into B parallel lanes read left to right, so batches are NOT shuffled:
chunk k+1 of a lane starts with the state chunk k ended in.
"""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(14)
rng = np.random.default_rng(14)

# ---- corpus: bracketed records, one per line
names = ["alba", "bruno", "carla", "diego", "elena", "fabio"]
verbs = ["sees", "calls", "helps", "meets"]


def record():
    tag = "xyz"[rng.integers(3)]
    body = " ".join(f"{names[rng.integers(6)]} {verbs[rng.integers(4)]} {names[rng.integers(6)]}"
                    for _ in range(rng.integers(1, 3)))
    return f"<{tag} {body}>"


text = "\n".join(record() for _ in range(2400))
chars = sorted(set(text))
code = {c: i for i, c in enumerate(chars)}
ids = np.array([code[c] for c in text], "int32")
cut = int(0.85 * len(ids))
V, LANES, STEP, H = len(chars), 32, 25, 96


def lanes(a, b):
    n = (len(a) - 1) // b
    return a[:n * b].reshape(b, n), a[1:n * b + 1].reshape(b, n)


Xt, Yt = lanes(ids[:cut], LANES)
Xv, Yv = lanes(ids[cut:], LANES)
p = np.bincount(ids[:cut], minlength=V) / cut
q = np.bincount(ids[cut:], minlength=V) / len(ids[cut:])
print(f"{len(ids)} characters, alphabet {V}, unigram cross-entropy {-(q[q > 0] * np.log(p[q > 0])).sum():.3f} nats")


class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.emb = keras.layers.Embedding(V, 24)
        self.gru = keras.layers.GRU(H, return_sequences=True, return_state=True)
        self.out = keras.layers.Dense(V)

    def call(self, x, state):
        h, state = self.gru(self.emb(x), initial_state=state)
        return self.out(h), state


net = Reader()
opt = keras.optimizers.Adam(4e-3, global_clipnorm=1.0)
ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_chunk(x, y, state):
    with tf.GradientTape() as tape:
        logits, new = net(x, state)
        loss = ce(y, logits)
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss, new            # leaves the tape here: gradients stop at the chunk border


@tf.function
def eval_chunk(x, y, state):
    logits, new = net(x, state)
    return ce(y, logits), new


def sweep(fn, X, Y):
    state, out = tf.zeros((LANES, H)), []
    for s in range(0, X.shape[1] - STEP + 1, STEP):
        loss, state = fn(X[:, s:s + STEP], Y[:, s:s + STEP], state)
        out.append(float(loss))
    return np.mean(out)


net(Xt[:, :STEP], tf.zeros((LANES, H)))
for epoch in range(1, 5):
    print(f"epoch {epoch}  train {sweep(train_chunk, Xt, Yt):.4f}  validation {sweep(eval_chunk, Xv, Yv):.4f}")

next_char = tf.function(lambda c, s: net(c, s), reduce_retracing=True)
# ---- sampling, one character at a time with the state handed on
state, c, out = tf.zeros((1, H)), code["\n"], []
for _ in range(120):
    logits, state = next_char(tf.constant([[c]]), state)
    pr = tf.nn.softmax(logits[0, 0] / 0.7).numpy().astype("float64")
    c = rng.choice(V, p=pr / pr.sum())
    out.append(chars[c])
print("".join(out))
