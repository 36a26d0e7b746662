# tiny GAN on a 1-d bimodal sample; both losses hover, nothing "converges" in the usual sense
import numpy as np
import tensorflow as tf
from scipy.stats import ks_2samp
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(4)
r = np.random.RandomState(0)


def sample_real(n):
    return np.where(r.rand(n, 1) < 0.5, r.normal(-1.0, 0.35, (n, 1)), r.normal(1.0, 0.35, (n, 1))).astype("float32")


data, held_out = sample_real(4000), sample_real(2000)

G = keras.Sequential([keras.Input((4,)), layers.Dense(32, activation="relu"), layers.Dense(32, activation="relu"), layers.Dense(1)])
D = keras.Sequential([keras.Input((1,)), layers.Dense(32, activation="leaky_relu"), layers.Dense(32, activation="leaky_relu"), layers.Dense(1)])
g_opt = keras.optimizers.Adam(1e-3, beta_1=0.5)
d_opt = keras.optimizers.Adam(2e-3, beta_1=0.5)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
# slow copy of the generator, used for sampling
G_avg = keras.models.clone_model(G)
G_avg.set_weights(G.get_weights())


@tf.function
def step(real):
    z = tf.random.normal((tf.shape(real)[0], 4))
    with tf.GradientTape() as td:
        lr, lf = D(real), D(tf.stop_gradient(G(z)))
        d_loss = bce(0.9 * tf.ones_like(lr), lr) + bce(tf.zeros_like(lf), lf)
    d_opt.apply_gradients(zip(td.gradient(d_loss, D.trainable_variables), D.trainable_variables))
    with tf.GradientTape() as tg:
        lf = D(G(tf.random.normal(tf.shape(z))))
        g_loss = bce(tf.ones_like(lf), lf)
    g_opt.apply_gradients(zip(tg.gradient(g_loss, G.trainable_variables), G.trainable_variables))
    for a, w in zip(G_avg.trainable_variables, G.trainable_variables):
        a.assign(0.99 * a + 0.01 * w)
    return d_loss, g_loss


ds = tf.data.Dataset.from_tensor_slices(data).shuffle(4000).batch(128, drop_remainder=True)
for epoch in range(50):
    for xb in ds:
        dl, gl = step(xb)
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1} D {float(dl):.3f} G {float(gl):.3f}")

fake = G_avg(tf.random.normal((2000, 4))).numpy().ravel()
print("fake mean/std", fake.mean(), fake.std(), "real", held_out.mean(), held_out.std())
print("KS distance to held-out sample:", ks_2samp(fake, held_out.ravel()).statistic)
