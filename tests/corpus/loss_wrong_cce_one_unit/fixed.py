import argparse

import pandas as pd
import keras
from keras import layers
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import confusion_matrix

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=30)
ap.add_argument("--batch", type=int, default=16)
ap.add_argument("--lr", type=float, default=1e-3)
ap.add_argument("--seed", type=int, default=3)
args = ap.parse_args()

keras.utils.set_random_seed(args.seed)

# ---- data
frame = load_breast_cancer(as_frame=True).frame
frame = frame.sample(frac=1.0, random_state=args.seed).reset_index(drop=True)
train, test = frame.iloc[:430], frame.iloc[430:]
mean, std = train.drop(columns="target").mean(), train.drop(columns="target").std()


def split(df: pd.DataFrame):
    x = (df.drop(columns="target") - mean) / std
    return x.to_numpy("float32"), df["target"].to_numpy("float32").reshape(-1, 1)


x_train, y_train = split(train)
x_test, y_test = split(test)

# ---- model
inp = keras.Input(shape=(x_train.shape[1],))
z = layers.Dense(24, activation="relu")(inp)
z = layers.Dropout(0.1)(z)
z = layers.Dense(12, activation="relu")(z)
out = layers.Dense(1, activation="sigmoid")(z)
net = keras.Model(inp, out)

net.compile(
    optimizer=keras.optimizers.Adam(args.lr),
    loss="binary_crossentropy",
    metrics=[keras.metrics.AUC(name="auc"), keras.metrics.BinaryAccuracy(name="acc")],
)
net.fit(
    x_train,
    y_train,
    epochs=args.epochs,
    batch_size=args.batch,
    validation_data=(x_test, y_test),
    callbacks=[keras.callbacks.ReduceLROnPlateau(patience=8, factor=0.5)],
    verbose=2,
)

p = net.predict(x_test, verbose=0)
print(confusion_matrix(y_test[:, 0], p[:, 0] > 0.5))
print("accuracy on the test part:", round(float(((p > 0.5) == y_test).mean()), 3))
