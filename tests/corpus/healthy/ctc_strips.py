"""Read strips of 3-5 glyphs without alignment (CTC)."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(17)
rng = np.random.default_rng(17)
GLYPHS, HEIGHT, WIDTH, MAXLEN = 6, 8, 40, 5
templates = (rng.random((GLYPHS, HEIGHT, 5)) > 0.5).astype("float32")


def strips(n):
    X = rng.normal(0, 0.25, (n, WIDTH, HEIGHT)).astype("float32")
    Y = np.zeros((n, MAXLEN), "int32")
    L = rng.integers(3, MAXLEN + 1, n)
    for i in range(n):
        pos = rng.integers(0, 3)
        for k in range(L[i]):
            g = rng.integers(GLYPHS)
            X[i, pos:pos + 5] += templates[g].T
            Y[i, k] = g + 1                      # 0 is the blank
            pos += 5 + rng.integers(1, 3)
            if pos + 5 > WIDTH:
                L[i] = k + 1
                break
    return X, Y, L.astype("int32")


Xa, Ya, La = strips(1400)
Xb, Yb, Lb = strips(200)

inp = tf.keras.Input((WIDTH, HEIGHT))
h = tf.keras.layers.Conv1D(48, 5, padding="same", activation="relu")(inp)
h = tf.keras.layers.Conv1D(48, 3, padding="same", activation="relu")(h)
h = tf.keras.layers.Conv1D(48, 3, padding="same", activation="relu")(h)
logits = tf.keras.layers.Dense(GLYPHS + 1)(h)
reader = tf.keras.Model(inp, logits)
adam = tf.keras.optimizers.Adam(3e-3)


def ctc(x, y, n, training):
    z = reader(x, training=training)
    frames = tf.fill([tf.shape(x)[0]], WIDTH)
    return tf.reduce_mean(tf.nn.ctc_loss(labels=y, logits=z, label_length=n, logit_length=frames, logits_time_major=False, blank_index=0))


@tf.function
def step(x, y, n):
    with tf.GradientTape() as tape:
        loss = ctc(x, y, n, True)
    g, norm = tf.clip_by_global_norm(tape.gradient(loss, reader.trainable_variables), 5.0)
    adam.apply_gradients(zip(g, reader.trainable_variables))
    return loss, norm


def exact(x, y, n):
    z = tf.transpose(reader(x), [1, 0, 2])
    (sp,), _ = tf.nn.ctc_greedy_decoder(z, [WIDTH] * len(x), blank_index=0)
    dense = tf.sparse.to_dense(sp, default_value=0).numpy()
    hits = 0
    for row, want, k in zip(dense, y, n):
        hits += list(row[row > 0]) == list(want[:k])
    return hits / len(x)


data = tf.data.Dataset.from_tensor_slices((Xa, Ya, La)).shuffle(1400).batch(50)
for epoch in range(7):
    out = [step(*b) for b in data]
    print("epoch %d loss %.3f (grad %.1f)  test loss %.3f exact %.2f" % (
        epoch, np.mean([float(o[0]) for o in out]), np.mean([float(o[1]) for o in out]), float(ctc(Xb, Yb, Lb, False)), exact(Xb, Yb, Lb)))
