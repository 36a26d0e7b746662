"""
Residuary resistance of sailing yachts from hull form and Froude number.
Synthetic towing-tank series; compiled training loop.
"""
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(31)
tf.random.set_seed(31)


def towing_tank(n_hulls=70):
    """every hull is towed at 14 speeds"""
    rows, res = [], []
    for _ in range(n_hulls):
        lcb = rng.uniform(-5.0, 0.0)          # centre of buoyancy
        cp = rng.uniform(0.53, 0.60)          # prismatic coefficient
        slender = rng.uniform(4.34, 5.14)     # length-displacement
        bt = rng.uniform(2.81, 5.35)          # beam-draught
        for fr in np.arange(0.125, 0.46, 0.025):
            hump = np.exp((fr - 0.33) * 19.0)
            r = 1.2 * hump * (1 + 9.0 * (cp - 0.565) * (0.4 - fr) * 10) * (4.75 / slender) ** 2.4
            r *= 1 + 0.05 * (bt - 4.0) - 0.02 * (lcb + 2.4)
            rows.append([lcb, cp, slender, bt, fr])
            res.append(r * rng.normal(1.0, 0.03) + 0.02)
    return np.array(rows, "float32"), np.array(res, "float32")


hull, resistance = towing_tank()
target = np.log1p(resistance)
# split by hull: the last 14 hulls are unseen
n_train = 56 * 14
mean, std = hull[:n_train].mean(0), hull[:n_train].std(0)
hull = (hull - mean) / std
t_mean, t_std = target[:n_train].mean(), target[:n_train].std()
target = (target - t_mean) / t_std

batches = (
    tf.data.Dataset.from_tensor_slices((hull[:n_train], target[:n_train]))
    .shuffle(n_train, seed=3)
    .batch(28)
)

net = tf.keras.Sequential(
    [
        tf.keras.layers.Input((5,)),
        tf.keras.layers.Dense(40, activation="tanh"),
        tf.keras.layers.Dense(20, activation="tanh"),
        tf.keras.layers.Dense(1),
    ]
)
adam = tf.keras.optimizers.Adam(0.004)


@tf.function
def train_on(x, y):
    with tf.GradientTape() as tape:
        y_hat = net(x, training=True)
        mse = tf.reduce_mean(tf.square(y[:, None] - y_hat))
    g = tape.gradient(mse, net.trainable_weights)
    adam.apply_gradients(zip(g, net.trainable_weights))
    return mse


for epoch in range(60):
    total, seen = 0.0, 0
    for x, y in batches:
        total += float(train_on(x, y))
        seen += 1
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1:3d}   mse {total / seen:.4f}")

z = net.predict(hull[n_train:], verbose=0).ravel()
truth = target[n_train:]
r2 = 1 - np.sum((truth - z) ** 2) / np.sum((truth - truth.mean()) ** 2)
newton = np.expm1(z * t_std + t_mean) - np.expm1(truth * t_std + t_mean)
print(f"unseen hulls: R2 {r2:.3f}, mean absolute error {np.abs(newton).mean():.3f} N/kN")
