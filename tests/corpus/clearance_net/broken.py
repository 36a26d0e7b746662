"""Neural population pharmacokinetics, intravenous bolus, one compartment.

A small network maps the covariates of a patient (weight, age, creatinine, sex) to elimination rate
and volume of distribution; the concentrations at the sampling times follow in closed form. Fitted to
the log-concentrations of a simulated trial.
"""
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(8)
tf.random.set_seed(8)

DOSE = 320.0                                                        # mg
TIMES = np.array([0.5, 1, 2, 4, 6, 9, 12, 18, 24], "float32")       # h


def trial(n):
    weight = rng.normal(72, 14, n).clip(42, 120)
    age = rng.uniform(20, 85, n)
    creatinine = np.exp(rng.normal(0.0, 0.3, n))
    male = rng.integers(0, 2, n)
    clearance = 4.0 * (weight / 70) ** 0.75 / creatinine * np.exp(-0.008 * (age - 50))
    volume = 32.0 * (weight / 70) * (1 + 0.12 * male)
    clearance, volume = clearance * rng.lognormal(0, 0.08, n), volume * rng.lognormal(0, 0.06, n)
    conc = (DOSE / volume)[:, None] * np.exp(-(clearance / volume)[:, None] * TIMES)
    conc = conc * rng.lognormal(0, 0.08, conc.shape)
    z = np.stack([(weight - 72) / 14, (age - 52) / 19, np.log(creatinine) / 0.3, 2.0 * male - 1], axis=1)
    return z.astype("float32"), np.log(conc).astype("float32")


def weights(rows, columns, scale):
    return tf.Variable(tf.random.normal((rows, columns), stddev=scale))


w1, b1 = weights(4, 16, 0.5), tf.Variable(tf.zeros(16))
w_ke, b_ke = weights(16, 1, 0.02), tf.Variable(tf.zeros(1))         # elimination rate, 1/h
w_v, b_v = weights(16, 1, 0.02), tf.Variable(tf.zeros(1))           # volume, l
everything = [w1, b1, w_ke, b_ke, w_v, b_v]


def concentration(z):
    h = tf.tanh(z @ w1 + b1)
    ke = 0.08 * tf.exp(h @ w_ke + b_ke)
    volume = 40.0 * tf.exp(h @ w_v + b_v)
    decay = np.exp(-ke * TIMES)  # expect: gradient-disconnected
    return DOSE / volume * decay


def misfit(z, log_conc):
    return tf.reduce_mean(tf.square(tf.math.log(concentration(z)) - log_conc))


z_fit, c_fit = trial(600)
z_new, c_new = trial(200)

schedule = keras.optimizers.schedules.CosineDecay(2e-2, 300)
opt = keras.optimizers.Adam(schedule)

for epoch in range(30):
    order = rng.permutation(len(z_fit))
    for part in np.split(order, 10):
        with tf.GradientTape() as tape:
            loss = misfit(z_fit[part], c_fit[part])
        opt.apply_gradients(zip(tape.gradient(loss, everything), everything))
    if epoch % 5 == 4:
        print(f"{epoch + 1:3d}  fit {misfit(z_fit, c_fit):.4f}  new patients {misfit(z_new, c_new):.4f}")

error = tf.sqrt(misfit(z_new, c_new)).numpy()
print(f"new patients: log-concentration off by {error:.3f} (sd of the data {c_new.std():.3f})")
