# Condition monitoring for pumps: learn healthy vibration, flag the rest.
import numpy as np
import tensorflow as tf
from sklearn.metrics import average_precision_score, roc_auc_score

SEED = 17
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
T = 128
time = np.arange(T) / T


def vibration(n, faulty=False):
    f = rng.uniform(5.5, 6.5, (n, 1))
    amp = rng.uniform(0.8, 1.2, (n, 1))
    ph = rng.uniform(0, 2 * np.pi, (n, 1))
    x = amp * np.sin(2 * np.pi * f * time + ph) + 0.4 * amp * np.sin(4 * np.pi * f * time + 2 * ph)
    if faulty:   # bearing defect: a burst at every turn
        x += rng.uniform(0.5, 1.0, (n, 1)) * np.sin(2 * np.pi * 25 * time) * (
            np.sin(2 * np.pi * f * time + ph) > 0.6)
    return (x + rng.normal(0, 0.1, x.shape)).astype(np.float32)[..., None]


healthy_train, healthy_val = vibration(2000), vibration(300)
test_x = np.concatenate([vibration(400), vibration(60, faulty=True)])
test_y = np.r_[np.zeros(400), np.ones(60)]
scale = healthy_train.std()
healthy_train, healthy_val, test_x = (a / scale for a in (healthy_train, healthy_val, test_x))

inp = tf.keras.Input((T, 1))
h = tf.keras.layers.Conv1D(16, 7, strides=4, padding="same", activation="elu")(inp)
h = tf.keras.layers.Conv1D(16, 7, strides=4, padding="same", activation="elu")(h)
h = tf.keras.layers.Flatten()(h)
code = tf.keras.layers.Dense(12, name="code")(h)
h = tf.keras.layers.Dense(8 * 16, activation="elu")(code)
h = tf.keras.layers.Reshape((8, 16))(h)
h = tf.keras.layers.Conv1DTranspose(16, 7, strides=4, padding="same", activation="elu")(h)
out = tf.keras.layers.Conv1DTranspose(1, 7, strides=4, padding="same")(h)
autoencoder = tf.keras.Model(inp, out)
autoencoder.compile(tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(6e-3, 63 * 25)),
                    loss="mse")
autoencoder.fit(healthy_train, healthy_train, validation_data=(healthy_val, healthy_val),
                epochs=25, batch_size=32, verbose=2)

err = np.mean((autoencoder.predict(test_x, verbose=0) - test_x) ** 2, axis=(1, 2))
val_err = np.mean((autoencoder.predict(healthy_val, verbose=0) - healthy_val) ** 2, axis=(1, 2))
limit = np.quantile(val_err, 0.98)
print("alarm limit %.4f: recall %.3f, false alarms %.3f" % (
    limit, np.mean(err[test_y == 1] > limit), np.mean(err[test_y == 0] > limit)))
print("ROC AUC %.4f, average precision %.4f" % (
    roc_auc_score(test_y, err), average_precision_score(test_y, err)))
