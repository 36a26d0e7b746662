# Fraud detection with 2 % positives. Accuracy is useless here, so it isn't reported:
# average precision decides, and the alarm threshold is chosen on the validation part.
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import average_precision_score, precision_recall_curve, precision_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(71)


def transactions(n=20000, rate=0.02):
    g = np.random.default_rng(9)
    y = (g.random(n) < rate).astype(int)
    night = np.where(y, g.random(n) < .6, g.random(n) < .12)
    d = pd.DataFrame({
        "amount": np.where(y, g.lognormal(5.2, .8, n), g.lognormal(3.4, .9, n)),
        "minutes_since_last": np.where(y, g.exponential(25, n), g.exponential(400, n)),
        "km_from_home": np.where(y, g.gamma(2, 220, n), g.gamma(1.2, 35, n)),
        "night": night.astype(int),
        "chip": np.where(y, g.random(n) < .3, g.random(n) < .85).astype(int),
        "age_of_card": g.gamma(3, 300, n),
    })
    return d, y


d, y = transactions()
for c in ["amount", "minutes_since_last", "km_from_home", "age_of_card"]:
    d[c] = np.log1p(d[c])
X_dev, X_test, y_dev, y_test = train_test_split(d.to_numpy(), y, test_size=.25, stratify=y, random_state=0)
X_train, X_val, y_train, y_val = train_test_split(X_dev, y_dev, test_size=.25, stratify=y_dev, random_state=0)
scale = StandardScaler().fit(X_train)
X_train, X_val, X_test = map(scale.transform, (X_train, X_val, X_test))

neg, pos = np.bincount(y_train)
print(f"{pos} frauds among {neg + pos} training rows")
class_weight = {0: (neg + pos) / (2 * neg), 1: (neg + pos) / (2 * pos)}

model = tf.keras.Sequential([
    tf.keras.Input((X_train.shape[1],)),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dropout(0.2),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(tf.keras.optimizers.Adam(5e-3), "binary_crossentropy",
              metrics=[tf.keras.metrics.AUC(curve="PR", name="prc")])
model.fit(X_train, y_train, validation_data=(X_val, y_val), batch_size=256, epochs=20, verbose=2, class_weight=class_weight)

p_val, p_test = model.predict(X_val, verbose=0).ravel(), model.predict(X_test, verbose=0).ravel()
prec, rec, thr = precision_recall_curve(y_val, p_val)
f1 = 2 * prec * rec / (prec + rec + 1e-12)
cut = thr[f1[:-1].argmax()]
print(f"base rate {y_test.mean():.3f}")
print(f"average precision {average_precision_score(y_test, p_test):.3f}   "
      f"at cut {cut:.2f}: precision {precision_score(y_test, p_test >= cut):.3f} recall {recall_score(y_test, p_test >= cut):.3f}")
