"""Deep Cox model: partial likelihood over the risk sets of each batch, censored follow-up times."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(64)
rng = np.random.default_rng(64)


def cohort(n):
    x = rng.normal(size=(n, 10)).astype("float32")
    risk = 0.9 * x[:, 0] - 0.7 * x[:, 1] + 0.8 * np.maximum(x[:, 2], 0) + 0.5 * x[:, 3] * x[:, 4]
    t = rng.exponential(np.exp(-risk) * 10.0)
    c = rng.exponential(15.0, n)
    return x, np.minimum(t, c).astype("float32"), (t <= c).astype("float32"), risk


def cox_loss(y, score):
    """y[:, 0] time, y[:, 1] event indicator (1 = died, 0 = censored)"""
    time, event = y[:, 0], y[:, 1]
    score = tf.reshape(score, [-1])
    # at_risk[i, j]: patient j was still under observation when patient i left
    at_risk = time[None, :] >= time[:, None]
    masked = tf.where(at_risk, score[None, :], tf.fill(tf.shape(at_risk), tf.constant(-1e9)))
    log_risk = tf.reduce_logsumexp(masked, axis=1)
    return tf.reduce_sum(event * (log_risk - score)) / tf.maximum(tf.reduce_sum(event), 1.0)


def concordance(time, event, score):
    earlier = (time[:, None] < time[None, :]) & (event[:, None] == 1)
    right = (score[:, None] > score[None, :]) & earlier
    return right.sum() / earlier.sum()


x_tr, t_tr, e_tr, _ = cohort(4000)
x_va, t_va, e_va, _ = cohort(1000)
x_te, t_te, e_te, risk_te = cohort(1500)
pack = lambda t, e: np.stack([t, e], 1)
print(f"patients {len(t_tr)}, deaths {int(e_tr.sum())}, median follow-up {np.median(t_tr):.1f} months")

model = tf.keras.Sequential([
    tf.keras.Input((10,)),
    tf.keras.layers.Dense(32, activation="selu", kernel_initializer="lecun_normal"),
    tf.keras.layers.Dense(16, activation="selu", kernel_initializer="lecun_normal"),
    tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros"),
])
model.compile(optimizer=tf.keras.optimizers.AdamW(4e-3, weight_decay=1e-2), loss=cox_loss)


class Concordance(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % 2 == 0:
            s = self.model.predict(x_va, verbose=0, batch_size=1000).ravel()
            print(f"epoch {epoch + 1:2d}  partial likelihood {logs['loss']:.4f}  "
                  f"validation {logs['val_loss']:.4f}  C-index {concordance(t_va, e_va, s):.4f}")


model.fit(x_tr, pack(t_tr, e_tr), validation_data=(x_va, pack(t_va, e_va)), batch_size=250, validation_batch_size=250,
          epochs=24, callbacks=[Concordance()], verbose=0)

s = model.predict(x_te, verbose=0).ravel()
print(f"test C-index {concordance(t_te, e_te, s):.4f}; with the true risk {concordance(t_te, e_te, risk_te):.4f}; "
      f"rank correlation with the true risk {np.corrcoef(s.argsort().argsort(), risk_te.argsort().argsort())[0, 1]:.3f}")
