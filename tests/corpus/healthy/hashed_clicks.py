"""Click-through rate from hashed ids. Clicks are rare and random: the best possible AUC is known here."""
import numpy as np
import tensorflow as tf
from sklearn.metrics import log_loss, roc_auc_score

tf.keras.utils.set_random_seed(55)
rng = np.random.default_rng(55)

N_ADS, N_SITES, N = 300, 150, 120_000
ad_ids = rng.integers(10 ** 8, 2 ** 31 - 1, N_ADS)
site_ids = rng.integers(10 ** 8, 2 ** 31 - 1, N_SITES)
ad_q, site_q = rng.normal(0, 0.7, N_ADS), rng.normal(0, 0.6, N_SITES)

ad = rng.integers(0, N_ADS, N)
site = rng.integers(0, N_SITES, N)
hour = rng.integers(0, 24, N)
logit = -2.6 + ad_q[ad] + site_q[site] + 0.5 * np.cos(2 * np.pi * (hour - 20) / 24)
p_true = 1 / (1 + np.exp(-logit))
click = (rng.random(N) < p_true).astype("float32")

features = {
    "ad": ad_ids[ad].astype("int64")[:, None],
    "site": site_ids[site].astype("int64")[:, None],
    "hour": hour.astype("int64")[:, None],
}
cut = [90_000, 105_000]


def part(lo, hi):
    return {k: v[lo:hi] for k, v in features.items()}, click[lo:hi]


def wide_and_deep():
    inputs = {k: tf.keras.Input((1,), dtype="int64", name=k) for k in features}
    wide, deep = [], []
    for k, bins in (("ad", 4096), ("site", 4096)):
        h = tf.keras.layers.Hashing(num_bins=bins)(inputs[k])
        reg = tf.keras.regularizers.l2(5e-6)
        wide.append(tf.keras.layers.Flatten()(tf.keras.layers.Embedding(
            bins, 1, embeddings_initializer="zeros", embeddings_regularizer=reg)(h)))
        deep.append(tf.keras.layers.Flatten()(tf.keras.layers.Embedding(bins, 4, embeddings_regularizer=reg)(h)))
    onehot = tf.keras.layers.CategoryEncoding(num_tokens=24, output_mode="one_hot")(inputs["hour"])
    wide.append(tf.keras.layers.Dense(1, use_bias=False)(onehot))
    d = tf.keras.layers.Dense(16, activation="relu")(tf.keras.layers.Concatenate()(deep + [onehot]))
    d = tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")(d)
    total = tf.keras.layers.Add()(wide + [d])
    start = np.log(click[:cut[0]].mean() / (1 - click[:cut[0]].mean()))
    total = tf.keras.layers.Dense(1, kernel_initializer="ones", trainable=True,
                                  bias_initializer=tf.keras.initializers.Constant(start))(total)
    return tf.keras.Model(inputs, tf.keras.layers.Activation("sigmoid")(total))


model = wide_and_deep()
model.compile(
    optimizer=tf.keras.optimizers.Adam(2e-3, use_ema=True, ema_momentum=0.99, ema_overwrite_frequency=None),
    loss="binary_crossentropy",
    metrics=[tf.keras.metrics.AUC(name="auc", num_thresholds=400)],
)
model.fit(*part(0, cut[0]), validation_data=part(*cut), epochs=3, batch_size=256, verbose=2)

x_test, y_test = part(cut[1], N)
p = model.predict(x_test, batch_size=4096, verbose=0).ravel()
oracle = p_true[cut[1]:]
print(f"click rate {y_test.mean():.4f}, mean prediction {p.mean():.4f}")
print(f"test AUC      {roc_auc_score(y_test, p):.4f}   with the true probabilities {roc_auc_score(y_test, oracle):.4f}")
print(f"test log loss {log_loss(y_test, p):.4f}   with the true probabilities {log_loss(y_test, oracle):.4f}")
print(f"correlation with the true click probability {np.corrcoef(p, oracle)[0, 1]:.3f}")
