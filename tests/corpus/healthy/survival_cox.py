#!/usr/bin/env python
"""DeepSurv-style Cox model.

The partial likelihood needs the whole risk set, hence one batch holding every
patient, ordered by decreasing follow-up time so that a running log-sum-exp
gives each risk set.
"""
import os
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

os.chdir(os.path.dirname(os.path.abspath(__file__)))
keras.utils.set_random_seed(12)


def load():
    d = pd.read_csv("patients.csv")
    cols = pd.DataFrame({
        "age": d.age, "male": (d.sex == "M"), "stage": d.stage, "log_ldh": np.log(d.ldh),
        "albumin": d.albumin, "bmi": d.bmi, "arm_b": (d.arm == "B"),
    }).astype("float32")
    return cols.to_numpy(), d.months.to_numpy("float32"), d.died.to_numpy("float32")


X, months, died = load()
perm = np.random.default_rng(12).permutation(len(X))
tr, va = perm[:750], perm[750:]
mean, sd = X[tr].mean(0), X[tr].std(0)
X = (X - mean) / sd

tr = tr[np.argsort(-months[tr], kind="stable")]
va = va[np.argsort(-months[va], kind="stable")]


def neg_partial_loglik(event, log_hazard):
    event = tf.reshape(tf.cast(event, tf.float32), [-1])
    eta = tf.reshape(log_hazard, [-1])
    log_risk = tf.math.cumulative_logsumexp(eta)
    return -tf.reduce_sum((eta - log_risk) * event) / tf.maximum(tf.reduce_sum(event), 1.0)


def concordance(t, e, risk):
    first = (t[:, None] < t[None]) & (e[:, None] == 1)
    win = (risk[:, None] > risk[None]) + 0.5 * (risk[:, None] == risk[None])
    return (win * first).sum() / first.sum()


model = keras.Sequential([
    keras.Input((X.shape[1],)),
    keras.layers.Dense(24, activation="selu", kernel_initializer="lecun_normal",
                       kernel_regularizer=keras.regularizers.L2(1e-3)),
    keras.layers.AlphaDropout(0.1),
    keras.layers.Dense(1, use_bias=False),          # the baseline hazard absorbs any constant
])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss=neg_partial_loglik)

stop = keras.callbacks.EarlyStopping("val_loss", patience=20, restore_best_weights=True)
h = model.fit(X[tr], died[tr], batch_size=len(tr), shuffle=False, epochs=160, verbose=0,
              validation_data=(X[va], died[va]), validation_batch_size=len(va), callbacks=[stop])
for i in range(0, len(h.history["loss"]), 15):
    print(f"epoch {i:3d}  train {h.history['loss'][i]:.4f}  val {h.history['val_loss'][i]:.4f}")

risk = model.predict(X[va], verbose=0, batch_size=len(va))[:, 0]
print(f"null model: loss {neg_partial_loglik(died[va], tf.zeros(len(va))):.4f}, C 0.5")
print(f"Cox network: loss {min(h.history['val_loss']):.4f}, C {concordance(months[va], died[va], risk):.4f}")
print(f"by stage alone: C {concordance(months[va], died[va], X[va][:, 2]):.4f}")
