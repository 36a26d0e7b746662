import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import confusion_matrix, f1_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.random.set_seed(0)
rng = np.random.default_rng(0)

# ---- data: one row per pump and week -------------------------------------
N = 4000
df = pd.DataFrame({
    "vibration": rng.gamma(2.0, 1.5, N),
    "temperature": rng.normal(60, 8, N),
    "pressure": rng.normal(4.0, 0.6, N),
    "hours": rng.uniform(0, 9000, N),
    "site": rng.choice(["north", "south", "harbour"], N),
})
risk = (0.9 * (df.vibration - 3) + 0.12 * (df.temperature - 60)
        - 1.2 * (df.pressure - 4) + 0.0003 * (df.hours - 4500)
        + 0.6 * (df.site == "harbour") + rng.normal(0, 0.7, N))
df["failed"] = (risk > np.quantile(risk, 0.95)).astype(int)
print(df.failed.value_counts())

X = pd.get_dummies(df.drop(columns="failed"), columns=["site"]).astype("float32")
y = df.failed.to_numpy("float32")
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, stratify=y, random_state=1)
sc = StandardScaler().fit(X_tr)
X_tr, X_te = sc.transform(X_tr).astype("float32"), sc.transform(X_te).astype("float32")

# ---- weights of the two classes -------------------------------------------
n_neg, n_pos = np.sum(y_tr == 0), np.sum(y_tr == 1)
total = n_neg + n_pos
weight_for_0 = 2.0 * n_pos / total
weight_for_1 = 2.0 * n_neg / total
print(f"weight for 0: {weight_for_0:.3f}, weight for 1: {weight_for_1:.3f}")

# ---- network ---------------------------------------------------------------
mlp = tf.keras.Sequential([
    tf.keras.layers.Input((X_tr.shape[1],)),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(3e-3)


@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        z = tf.squeeze(mlp(xb, training=True), 1)
        ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=yb, logits=z)
        w = tf.where(yb > 0.5, tf.cast(weight_for_1, tf.float32), tf.cast(weight_for_0, tf.float32))
        loss = tf.reduce_mean(w * ce)
    g = tape.gradient(loss, mlp.trainable_variables)
    opt.apply_gradients(zip(g, mlp.trainable_variables))
    return loss


ds = tf.data.Dataset.from_tensor_slices((X_tr, y_tr)).shuffle(len(X_tr), seed=2).batch(64)
for epoch in range(12):
    losses = [float(step(xb, yb)) for xb, yb in ds]
    guess = (mlp(X_te).numpy()[:, 0] > 0).astype(int)
    print(f"epoch {epoch + 1:2d}  loss {np.mean(losses):.4f}  acc {np.mean(guess == y_te):.3f}"
          f"  recall {recall_score(y_te, guess):.3f}  f1 {f1_score(y_te, guess, zero_division=0):.3f}")

print(confusion_matrix(y_te, guess))
