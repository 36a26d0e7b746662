import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(17)
LATENT = 4
rng = np.random.default_rng(17)
ang = rng.uniform(0, 2 * np.pi, 8000)
rad = 1.0 + rng.normal(0, 0.08, 8000)
ring = np.stack([rad * np.cos(ang), rad * np.sin(ang)], 1).astype("float32")


def mlp(n_in, n_out, name):
    return keras.Sequential([
        keras.Input((n_in,)),
        layers.Dense(48), layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(48), layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(n_out)], name=name)


class RingGAN(keras.Model):
    def __init__(self):
        super().__init__()
        self.gen = mlp(LATENT, 2, "gen")
        self.dis = mlp(2, 1, "dis")
        self.bce = keras.losses.BinaryCrossentropy(from_logits=True)
        self.d_mean, self.g_mean = keras.metrics.Mean(name="d"), keras.metrics.Mean(name="g")

    def compile(self, d_opt, g_opt):
        super().compile()
        self.d_opt, self.g_opt = d_opt, g_opt

    @property
    def metrics(self):
        return [self.d_mean, self.g_mean]

    def call(self, z):
        return self.gen(z)

    def train_step(self, real):
        n = tf.shape(real)[0]
        fake = self.gen(tf.random.normal((n, LATENT)), training=True)
        with tf.GradientTape() as tape:
            both = tf.concat([real, fake], 0)
            aim = tf.concat([0.9 * tf.ones((n, 1)), tf.zeros((n, 1))], 0)
            d_loss = self.bce(aim, self.dis(both, training=True))
        dv = self.dis.trainable_variables
        self.d_opt.apply_gradients(zip(tape.gradient(d_loss, dv), dv))

        with tf.GradientTape() as tape:
            made = self.gen(tf.random.normal((n, LATENT)), training=True)
            g_loss = self.bce(tf.ones((n, 1)), self.dis(made, training=True))
        gv = self.gen.trainable_variables
        self.g_opt.apply_gradients(zip(tape.gradient(g_loss, gv), gv))
        self.d_mean.update_state(d_loss)
        self.g_mean.update_state(g_loss)
        return {"d": self.d_mean.result(), "g": self.g_mean.result()}


def describe(pts):
    r = np.hypot(pts[:, 0], pts[:, 1])
    sector = ((np.arctan2(pts[:, 1], pts[:, 0]) + np.pi) / (2 * np.pi) * 12).astype(int).clip(0, 11)
    share = np.bincount(sector, minlength=12) / len(pts)
    return f"radius {r.mean():.3f} +- {r.std():.3f}, on the ring {np.mean(np.abs(r - 1) < 0.25):.2f}, smallest sector {share.min():.3f}"


gan = RingGAN()
EPOCHS, BATCH = 30, 128


def adam():
    fall = keras.optimizers.schedules.CosineDecay(1e-3, EPOCHS * (len(ring) // BATCH), alpha=0.1)
    return keras.optimizers.Adam(fall, beta_1=0.5)


gan.compile(adam(), adam())
probe = tf.random.normal((2000, LATENT), seed=1)
print("data     ", describe(ring))
print("untrained", describe(gan.gen(probe).numpy()))
feed = tf.data.Dataset.from_tensor_slices(ring).shuffle(8000).batch(BATCH, drop_remainder=True)


class Look(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1:2d}  d {logs['d']:.3f} g {logs['g']:.3f} ", describe(gan.gen(probe).numpy()))


gan.fit(feed, epochs=EPOCHS, verbose=0, callbacks=[Look()])
print("trained  ", describe(gan.gen(probe).numpy()))
