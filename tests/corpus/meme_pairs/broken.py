"""Siamese net, one-shot verification (here on the 8x8 digits instead of signatures)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

MARGIN = 1.0
STEPS_PER_EPOCH = 60
EPOCHS = 8
BATCH = 64

tf.random.set_seed(21)
rs = np.random.RandomState(21)


def charger():
    d = load_digits()
    X = (d.images / 16.0).astype("float32")[..., None]
    perm = rs.permutation(len(X))
    X, Y = X[perm], d.target[perm]
    return (X[:1400], Y[:1400]), (X[1400:], Y[1400:])


def tirer_paires(X, Y, n):
    """half genuine, half forged"""
    gauche, droite, meme = [], [], []
    for k in range(n):
        i = rs.randint(len(X))
        if k % 2 == 0:
            j = rs.choice(np.flatnonzero(Y == Y[i]))
        else:
            j = rs.choice(np.flatnonzero(Y != Y[i]))
        gauche.append(X[i]); droite.append(X[j]); meme.append(float(k % 2 == 0))
    return np.stack(gauche), np.stack(droite), np.array(meme, "float32")


def tour():
    return tf.keras.Sequential([
        tf.keras.Input((8, 8, 1)),
        tf.keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
        tf.keras.layers.MaxPooling2D(),
        tf.keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(16),
    ])


def distance(a, b):
    return tf.norm(a - b + 1e-6)  # expect: loss-shape


def contrastive(meme, d):
    return tf.reduce_mean(meme * tf.square(d) + (1 - meme) * tf.square(tf.maximum(MARGIN - d, 0.0)))


encodeur = tour()
opt = tf.keras.optimizers.Adam(1e-3)


@tf.function
def pas(a, b, meme):
    with tf.GradientTape() as tape:
        d = distance(encodeur(a, training=True), encodeur(b, training=True))
        perte = contrastive(meme, d)
    grads = tape.gradient(perte, encodeur.trainable_variables)
    opt.apply_gradients(zip(grads, encodeur.trainable_variables))
    return perte


def verification(X, Y, n=600):
    a, b, meme = tirer_paires(X, Y, n)
    ea, eb = encodeur(a).numpy(), encodeur(b).numpy()
    d = np.sqrt(((ea - eb) ** 2).sum(1))
    return ((d < MARGIN / 2) == (meme > 0.5)).mean(), d[meme > 0.5].mean(), d[meme < 0.5].mean()


(Xa, Ya), (Xt, Yt) = charger()
for ep in range(EPOCHS):
    pertes = [float(pas(*map(tf.constant, tirer_paires(Xa, Ya, BATCH)))) for _ in range(STEPS_PER_EPOCH)]
    acc, dm, df = verification(Xt, Yt)
    print(f"epoch {ep+1}: loss {np.mean(pertes):.4f}  verif acc {acc:.3f}  d(same) {dm:.3f}  d(diff) {df:.3f}")
