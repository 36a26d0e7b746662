"""Card fraud: 2 % positives, focal loss, output bias at the prior."""
import os
import tempfile

import numpy as np
import pandas as pd
import keras
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.preprocessing import QuantileTransformer

keras.utils.set_random_seed(90210)
BEST = os.path.join(tempfile.mkdtemp(), "best.weights.h5")


def transactions(n, seed):
    g = np.random.default_rng(seed)
    fraud = g.random(n) < 0.02
    usual = np.exp(g.normal(3.4, 0.6, n))                          # what this customer normally spends
    amount = usual * np.exp(g.normal(0, 0.8, n) + fraud * g.normal(1.1, 0.8, n))
    hour = np.where(fraud & (g.random(n) < 0.55), g.normal(3, 2.5, n), g.normal(14, 4.5, n)) % 24
    return pd.DataFrame({
        "amount": amount.round(2),
        "usual_amount": usual.round(2),
        "hour": hour.astype(int),
        "km_from_home": np.exp(g.normal(1.6, 1.1, n) + fraud * g.normal(1.3, 1.0, n)),
        "minutes_since_last": np.exp(g.normal(6.2, 1.2, n) - fraud * g.normal(1.8, 1.0, n)),
        "card_present": (g.random(n) < np.where(fraud, 0.25, 0.7)).astype(int),
        "account_years": g.gamma(3, 2 - 0.6 * fraud),
        "declined_last_day": g.poisson(0.05 + 0.7 * fraud),
        "fraud": fraud.astype("float32"),
    })


def features(t):
    return pd.DataFrame({
        "log_amount": np.log(t.amount + 1),
        "ratio": np.log((t.amount + 1) / (t.usual_amount + 1)),
        "night": np.cos(2 * np.pi * (t.hour - 3) / 24),
        "evening": np.sin(2 * np.pi * (t.hour - 3) / 24),
        "dist": t.km_from_home,
        "gap": t.minutes_since_last,
        "present": t.card_present,
        "age": t.account_years,
        "declined": t.declined_last_day.clip(upper=4),
    })


table = transactions(12000, seed=1)
train, val, test = table[:8000], table[8000:10000], table[10000:]
qt = QuantileTransformer(output_distribution="normal", n_quantiles=200).fit(features(train))
to_x = lambda t: np.clip(qt.transform(features(t)), -3.5, 3.5).astype("float32")
prior = float(train.fraud.mean())
print(f"{len(train)} training rows, {int(train.fraud.sum())} frauds ({prior:.2%})")

inputs = keras.Input((9,))
x = keras.layers.Dense(32, activation="relu")(inputs)
x = keras.layers.Dropout(0.3)(x)
x = keras.layers.Dense(16, activation="relu")(x)
logit = keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(np.log(prior / (1 - prior))))(x)
model = keras.Model(inputs, logit)
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss=keras.losses.BinaryFocalCrossentropy(gamma=1.5, alpha=0.8, apply_class_balancing=True, from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy"),
             keras.metrics.AUC(curve="PR", from_logits=True, name="ap")],
)
model.fit(to_x(train), train.fraud.to_numpy()[:, None], batch_size=64, epochs=12,
          validation_data=(to_x(val), val.fraud.to_numpy()[:, None]), verbose=2,
          callbacks=[keras.callbacks.ModelCheckpoint(BEST, monitor="val_ap", mode="max",
                                                     save_best_only=True, save_weights_only=True)])
model.load_weights(BEST)

s = model.predict(to_x(test), verbose=0)[:, 0]
y = test.fraud.to_numpy()
top = np.argsort(-s)[: int(y.sum())]
print(f"average precision {average_precision_score(y, s):.3f} (random {y.mean():.3f}), ROC AUC {roc_auc_score(y, s):.3f}")
print(f"of the {len(top)} most suspicious transactions {y[top].mean():.0%} are frauds")
