import time
import keras
import numpy as np
import tensorflow as tf
from nets import Translator
from phrases import CHARS, TGT_LEN, all_phrases

keras.utils.set_random_seed(77)

src, tgt = all_phrases()
perm = np.random.permutation(len(src))
src, tgt = src[perm], tgt[perm]
n_test = 300
start = np.full((len(tgt), 1), CHARS.index("<"), "int32")
prev = np.concatenate([start, tgt[:, :-1]], axis=1)      # teacher forcing

pipe = (tf.data.Dataset.from_tensor_slices((src[n_test:], prev[n_test:], tgt[n_test:]))
        .shuffle(4096).batch(128, drop_remainder=True).repeat().prefetch(1))

net = Translator(64)
net((src[:1], prev[:1]))
adam = keras.optimizers.Adam(6e-3)
adam.build(net.trainable_variables)


@tf.function(reduce_retracing=True)
def train(s, p, t):
    with tf.GradientTape() as tape:
        scores = net((s, p), training=True)
        per_char = keras.losses.sparse_categorical_crossentropy(t, scores)
        loss = tf.reduce_mean(tf.reduce_sum(per_char, axis=1))
    g, _ = tf.clip_by_global_norm(tape.gradient(loss, net.trainable_variables), 2.0)
    adam.apply_gradients(zip(g, net.trainable_variables))
    return loss


def greedy(s):
    state = net.encode(s)
    last = tf.fill([len(s), 1], CHARS.index("<"))
    out = []
    for _ in range(TGT_LEN):
        probs, state = net.decode(last, state)
        last = tf.argmax(probs, axis=-1, output_type=tf.int32)
        out.append(last.numpy()[:, 0])
    return np.stack(out, axis=1)


clock, window = time.perf_counter(), []
for n, batch in enumerate(pipe.take(360), 1):
    window.append(train(*batch).numpy())
    if n % 60 == 0:
        print("%4d  loss per phrase %.3f  (%.1f s)" % (n, np.mean(window), time.perf_counter() - clock))
        window.clear()

guess = greedy(src[:n_test])
for k in range(3):
    print("  ", "".join(CHARS[c] for c in guess[k]), "for", "".join(CHARS[c] for c in tgt[k]))
print("exact matches on unseen phrases: %.3f" % np.mean((guess == tgt[:n_test]).all(axis=1)))
