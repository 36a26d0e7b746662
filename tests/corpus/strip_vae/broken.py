"""VAE that fills in the strips a worn line scanner loses (14x14 digits, 7 vertical strips)."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

LATENT, STRIPS, EPOCHS, BETA = 8, 7, 32, 0.3


def prepare(images):
    x = tf.cast(images, tf.float32)[..., None] / 255.0
    x = tf.nn.avg_pool2d(x, 2, 2, "VALID")
    return tf.reshape(x, (len(images), 196)).numpy()


def lost_strips(n):
    """1 where a pixel was recorded, 0 where its strip was lost; some scans are worse than others."""
    badness = rng.beta(1.0, 2.5, size=(n, 1))
    kept = (rng.random((n, STRIPS)) >= badness).astype("float32")
    rows = np.repeat(kept, 2, axis=1)                       # (n, 14)
    return np.repeat(rows[:, None, :], 14, axis=1).reshape(n, 196)


(a, _), (b, _) = keras.datasets.mnist.load_data()
clean_train, clean_test = prepare(a[:2000]), prepare(b[:500])
seen_train, seen_test = lost_strips(len(clean_train)), lost_strips(len(clean_test))


class StripVAE(keras.Model):
    def __init__(self):
        super().__init__()
        self.enc = keras.Sequential([layers.Dense(128, activation="relu"), layers.Dense(2 * LATENT)])
        self.dec = keras.Sequential([layers.Dense(128, activation="relu"), layers.Dense(196)])
        self.trackers = {k: keras.metrics.Mean(name=k) for k in ("rec", "kl")}

    @property
    def metrics(self):
        return list(self.trackers.values())

    def encode(self, pixels, seen):
        stats = self.enc(tf.concat([pixels * seen, seen], axis=1))
        return tf.split(stats, 2, axis=1)

    def call(self, inputs):
        mu, _ = self.encode(*inputs)
        return tf.sigmoid(self.dec(mu))

    def train_step(self, batch):
        pixels, seen = batch
        with tf.GradientTape() as tape:
            mu, logvar = self.encode(pixels, seen)
            z = mu + tf.exp(0.5 * logvar) * tf.random.normal(tf.shape(mu))
            bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=pixels, logits=self.dec(z))
            # only recorded pixels count, every scan weighs the same
            per_pixel = tf.reduce_sum(seen * bce, axis=1) / tf.reduce_sum(seen, axis=1)  # expect: loss-numerics
            rec = 196.0 * tf.reduce_mean(per_pixel)  # expect-or: loss-numerics
            kl = 0.5 * tf.reduce_mean(tf.reduce_sum(tf.exp(logvar) + mu ** 2 - 1.0 - logvar, axis=1))
            loss = rec + BETA * kl
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.trackers["rec"].update_state(rec)
        self.trackers["kl"].update_state(kl)
        return {m.name: m.result() for m in self.metrics}


def report(epoch, logs):
    if epoch % 8 == 7:
        print("epoch {:2d}  rec {rec:.2f}  kl {kl:.2f}".format(epoch + 1, **logs))


train = tf.data.Dataset.from_tensor_slices((clean_train, seen_train)).shuffle(2000, seed=3).batch(50)
vae = StripVAE()
vae.compile(optimizer=keras.optimizers.Adam(2e-3), jit_compile=False)
vae.fit(train, epochs=EPOCHS, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=report)])

filled = vae((tf.constant(clean_test), tf.constant(seen_test))).numpy()
gap = 1.0 - seen_test
mse = (gap * (filled - clean_test) ** 2).sum() / gap.sum()
plain = (gap * (clean_train.mean(0) - clean_test) ** 2).sum() / gap.sum()
print(f"error on lost pixels {mse:.4f} (mean image {plain:.4f})")
whole = vae((tf.constant(clean_test), tf.ones_like(clean_test))).numpy()
r2 = 1 - ((whole - clean_test) ** 2).sum() / ((clean_train.mean(0) - clean_test) ** 2).sum()
print(f"complete scans: explained variance of the reconstruction {r2:.3f}")
