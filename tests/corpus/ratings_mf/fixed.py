import itertools
import numpy as np
import tensorflow as tf

tf.random.set_seed(3)
gen = np.random.default_rng(3)

# ratings of 150 films by 300 people, four hidden tastes
P = gen.normal(size=(300, 4))
F = gen.normal(size=(150, 4))
who = gen.integers(0, 300, 24000)
film = gen.integers(0, 150, 24000)
stars = (P[who] * F[film]).sum(1) / 2 + gen.normal(0, 0.1, 24000)
stars = stars.astype("float32")
train, test = slice(0, 20000), slice(20000, None)


def batches(n=128):
    while True:
        pick = gen.integers(0, 20000, n)
        yield who[pick], film[pick], stars[pick]


U = tf.Variable(tf.random.normal((300, 8), stddev=0.3))
V = tf.Variable(tf.random.normal((150, 8), stddev=0.3))
bu = tf.Variable(tf.zeros(300))
bv = tf.Variable(tf.zeros(150))
opt = tf.keras.optimizers.Adam(0.01)


def predict(w, f):
    dot = tf.reduce_sum(tf.gather(U, w) * tf.gather(V, f), axis=1)
    return dot + tf.gather(bu, w) + tf.gather(bv, f)


@tf.function(reduce_retracing=True)
def step(w, f, s):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((predict(w, f) - s) ** 2)
    v = [U, V, bu, bv]
    g = [tf.convert_to_tensor(d) for d in tape.gradient(loss, v)]
    opt.apply_gradients(zip(g, v))
    return loss


seen = []
for w, f, s in itertools.islice(batches(), 3000):
    seen.append(float(step(w, f, s)))
    if len(seen) % 20 == 0:
        print(len(seen), "mse", round(np.mean(seen[-20:]), 4))

err = predict(who[test], film[test]).numpy() - stars[test]
print("R2 on unseen ratings:", round(1 - float(np.var(err) / np.var(stars[test])), 3))
