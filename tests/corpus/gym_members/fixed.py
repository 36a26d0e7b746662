"""Who leaves the gym at the end of the quarter?

members_q1.csv holds one line per member and month.  The last 140 members on
the list are kept apart for the final score.
"""
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.model_selection import GroupShuffleSplit

HERE = os.path.dirname(os.path.abspath(__file__))
SEED, BATCH, MAX_EPOCHS, PATIENCE = 12, 64, 25, 4
tf.keras.utils.set_random_seed(SEED)

# ---- table -----------------------------------------------------------------
table = pd.read_csv(os.path.join(HERE, "members_q1.csv"))
features = table.columns.drop(["member", "month", "left"])
members = sorted(table["member"].unique())
final = table[table["member"].isin(members[-140:])]
work = table[~table["member"].isin(members[-140:])]

splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=SEED)
fit, val = (work.iloc[k] for k in next(splitter.split(work, groups=work["member"])))
print(f"rows: {len(fit)} fit, {len(val)} validation, {len(final)} final; leavers {work['left'].mean():.1%}")

mean, std = fit[features].mean(), fit[features].std()


def arrays(part):
    x = ((part[features] - mean) / std).to_numpy("float32")
    return x, part[["left"]].to_numpy("float32")


x_fit, y_fit = arrays(fit)
x_val, y_val = arrays(val)
x_fin, y_fin = arrays(final)

# ---- network ---------------------------------------------------------------
net = tf.keras.Sequential([
    tf.keras.layers.Input((len(features),)),
    tf.keras.layers.Dense(128, activation="relu"),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(1),
])
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
adam = tf.keras.optimizers.Adam(2e-3)


def score(x, y):
    logit = net(x, training=False)
    return float(bce(y, logit)), float(np.mean((logit.numpy() > 0) == (y > 0.5)))


# ---- loop with early stopping ----------------------------------------------
batches = tf.data.Dataset.from_tensor_slices((x_fit, y_fit)).shuffle(len(x_fit), seed=SEED).batch(BATCH)
lowest, keep, bad = float("inf"), net.get_weights(), 0
for epoch in range(MAX_EPOCHS):
    running = []
    for xb, yb in batches:
        with tf.GradientTape() as tape:
            loss = bce(yb, net(xb, training=True))
        grads = tape.gradient(loss, net.trainable_variables)
        adam.apply_gradients(zip(grads, net.trainable_variables))
        running.append(float(loss))
    v_loss, v_acc = score(x_val, y_val)
    print(f"{epoch + 1:2d}: fit {np.mean(running):.4f}  val {v_loss:.4f}  val acc {v_acc:.3f}")
    if v_loss < lowest:
        lowest, keep, bad = v_loss, net.get_weights(), 0
    else:
        bad += 1
        if bad >= PATIENCE:
            break

net.set_weights(keep)
for label, x, y in (("validation", x_val, y_val), ("final", x_fin, y_fin)):
    log_loss, hit = score(x, y)
    print(f"{label:10s} log loss {log_loss:.3f}  accuracy {hit:.3f}")
