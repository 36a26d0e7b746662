"""Will the customer renew? Six survey answers, integer coded, small table.

Only 3*3*2*4*2*2 = 288 different rows exist, so the same answers come back many times.
"""
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(21)
gen = np.random.default_rng(21)

rows = 900
df = pd.DataFrame(
    {
        "plan": gen.choice(3, rows, p=[0.6, 0.3, 0.1]),
        "region": gen.choice(3, rows, p=[0.5, 0.3, 0.2]),
        "autopay": gen.choice(2, rows),
        "tickets": gen.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05]),
        "discount": gen.choice(2, rows, p=[0.8, 0.2]),
        "student": gen.choice(2, rows, p=[0.7, 0.3]),
    }
)
score = (
    1.6 * (df.plan == 1) + 2.5 * (df.plan == 2) + 2.2 * df.autopay - 1.5 * df.tickets
    + 1.2 * df.discount * (1 - df.student) - 0.9 + 0.5 * (df.region == 2)
)
df["renewed"] = (gen.random(rows) < 1 / (1 + np.exp(-1.8 * score))).astype(int)
print(df.head())
print("distinct rows:", len(df.drop_duplicates()), "of", len(df))

train, test = train_test_split(df, test_size=0.25, random_state=0, stratify=df.renewed)
cols = [c for c in df.columns if c != "renewed"]
cards = {c: int(df[c].max()) + 1 for c in cols}

inputs, parts = {}, []
for c in cols:
    inputs[c] = tf.keras.Input((), dtype="int32", name=c)
    parts.append(tf.keras.layers.Embedding(cards[c], 3, name=f"emb_{c}")(inputs[c]))
z = tf.keras.layers.Concatenate()(parts)
z = tf.keras.layers.Dense(16, activation="relu")(z)
z = tf.keras.layers.Dense(1, activation="sigmoid")(z)
net = tf.keras.Model(inputs, z)
net.compile(optimizer=tf.keras.optimizers.Adam(0.004), loss="binary_crossentropy", metrics=["accuracy"])


def feed(frame):
    return {c: frame[c].to_numpy("int32") for c in cols}


net.fit(feed(train), train.renewed.to_numpy("float32"), epochs=12, batch_size=32,
        validation_data=(feed(test), test.renewed.to_numpy("float32")), verbose=2)
loss, acc = net.evaluate(feed(test), test.renewed.to_numpy("float32"), verbose=0)
print(f"test accuracy {acc:.3f}, always the larger class {max(test.renewed.mean(), 1 - test.renewed.mean()):.3f}")
