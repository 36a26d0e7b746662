# toy GAN: learn a correlated 2-d gaussian
import numpy as np
import tensorflow as tf

tf.random.set_seed(11)
rs = np.random.RandomState(11)

MEAN = np.array([1.5, -1.0], "float32")
COV = np.array([[0.5, 0.3], [0.3, 0.4]], "float32")
real = rs.multivariate_normal(MEAN, COV, 4096).astype("float32")

Z, BS, STEPS = 4, 128, 2000
L = tf.keras.layers

G = tf.keras.Sequential([
    L.Input((Z,)), L.Dense(32, activation="relu"), L.Dense(32, activation="relu"), L.Dense(2)])
D = tf.keras.Sequential([
    L.Input((2,)), L.Dense(32, activation=tf.nn.leaky_relu),
    L.Dense(32, activation=tf.nn.leaky_relu), L.Dense(1)])

bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
decay = tf.keras.optimizers.schedules.ExponentialDecay(1e-3, 500, 0.5)
opt_d = tf.keras.optimizers.Adam(decay, beta_1=0.5)
opt_g = tf.keras.optimizers.Adam(decay, beta_1=0.5)


@tf.function
def step(xr):
    with tf.GradientTape() as td:
        xf = G(tf.random.normal([BS, Z]), training=True)
        lr_, lf_ = D(xr, training=True), D(xf, training=True)
        d_loss = bce(tf.ones_like(lr_) * 0.9, lr_) + bce(tf.zeros_like(lf_), lf_)
    gd = td.gradient(d_loss, D.trainable_variables)
    opt_d.apply_gradients(zip(gd, D.trainable_variables))

    with tf.GradientTape() as tg:
        lf_ = D(G(tf.random.normal([BS, Z]), training=True), training=True)
        g_loss = bce(tf.ones_like(lf_), lf_)
    gg = tg.gradient(g_loss, D.trainable_variables)  # expect: gradient-disconnected
    opt_g.apply_gradients(zip(gg, D.trainable_variables))  # expect-or: update-missing
    return d_loss, g_loss


for i in range(STEPS + 1):
    batch = real[rs.randint(0, len(real), BS)]
    dl, gl = step(tf.constant(batch))
    if i % 500 == 0:
        fake = G(tf.random.normal([1000, Z])).numpy()
        print(f"{i:5d}  D {float(dl):.3f}  G {float(gl):.3f}  mean {fake.mean(0).round(2)}"
              f"  std {fake.std(0).round(2)}")

fake = G(tf.random.normal([4000, Z])).numpy()
print("target mean", MEAN, " generated", fake.mean(0).round(3))
print("target cov ", COV.ravel(), " generated", np.cov(fake.T).ravel().round(3))
print("mean error  %.3f" % np.linalg.norm(fake.mean(0) - MEAN))
