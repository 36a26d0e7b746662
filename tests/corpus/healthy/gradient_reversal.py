# Domain-adversarial training (Ganin & Lempitsky). Two hospitals measure the same three
# conditions, but hospital B's devices add an offset. Only A is labelled. The features
# go through a gradient reversal layer to a domain head: the head learns to tell A from B,
# the features learn that it shall not. A domain loss near ln 2 means success.

import numpy as np
import keras
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(2024)
rng = np.random.default_rng(2024)
CLASSES, DIM, N = 3, 20, 1500

centres = rng.normal(0, 1, (CLASSES, DIM))
centres[:, 12:] = 0                                  # the last 8 channels say nothing ...
offset = np.concatenate([0.8 * rng.choice([-1, 1], 12), rng.normal(0, 2, 8)])   # ... and drift most


def hospital(shifted):
    y = rng.integers(0, CLASSES, N)
    x = centres[y] + rng.normal(0, 0.9, (N, DIM)) + (offset if shifted else 0)
    return x.astype("float32"), y.astype("int32")


xa, ya = hospital(False)
xb, yb = hospital(True)                              # yb is for scoring only


@tf.custom_gradient
def reverse(x, lam):
    def grad(dy):
        return -lam * dy, None
    return tf.identity(x), grad


class DANN(keras.Model):
    def __init__(self, adversarial):
        super().__init__()
        self.features = keras.Sequential([layers.Dense(48, activation="relu"),
                                          layers.Dense(24, activation="relu")])
        self.label_head = layers.Dense(CLASSES)
        self.domain_head = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(1)])
        self.adversarial = adversarial

    def call(self, x, lam=0.0):
        f = self.features(x)
        if not self.adversarial:
            f_dom = tf.stop_gradient(f)              # the head only watches
        else:
            f_dom = reverse(f, lam)
        return self.label_head(f), self.domain_head(f_dom)


def train(adversarial, epochs=60, batch=100):
    net = DANN(adversarial)
    opt = keras.optimizers.Adam(5e-4, beta_1=0.5)
    ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    bce = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(x_src, y_src, x_tgt, lam):
        x = tf.concat([x_src, x_tgt], 0)
        d = tf.concat([tf.zeros((batch, 1)), tf.ones((batch, 1))], 0)
        with tf.GradientTape() as tape:
            logits, domain = net(x, lam=lam)
            label_loss = ce(y_src, logits[:batch])   # the target half has no labels
            domain_loss = bce(d, domain)
            loss = label_loss + domain_loss
        opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
        return label_loss, domain_loss

    for epoch in range(epochs):
        lam = tf.constant(min(0.1, epoch / 200), tf.float32)
        pa, pb = rng.permutation(N), rng.permutation(N)
        last = [step(xa[pa[i:i + batch]], ya[pa[i:i + batch]], xb[pb[i:i + batch]], lam)
                for i in range(0, N, batch)]
        if epoch % 15 == 14:
            l, d = np.mean(np.array(last), axis=0)
            print(f"   epoch {epoch + 1:2d}  label loss {l:.4f}  domain loss {d:.4f}")
    score = lambda x, y: np.mean(net(x)[0].numpy().argmax(1) == y)
    return score(xa, ya), score(xb, yb)


print("without reversal"); plain = train(False)
print("with reversal"); dann = train(True)
print("accuracy A/B without: %.3f %.3f   with: %.3f %.3f" % (*plain, *dann))
