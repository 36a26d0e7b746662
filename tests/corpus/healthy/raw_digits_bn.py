# postcode digits: train a small CNN without any preprocessing
import argparse
import time
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from keras import Sequential, layers, losses, optimizers, utils

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=14)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--drop", type=float, default=0.5)
args = parser.parse_args()

utils.set_random_seed(8)
digits = load_digits()
pixels = digits.images[..., None] * 15.9
print("pixel range", pixels.min(), "to", pixels.max())

x_tr, x_te, y_tr, y_te = train_test_split(
    pixels.astype("float32"), digits.target, test_size=0.25, stratify=digits.target, random_state=1
)

net = Sequential([
    layers.Input((8, 8, 1)),
    layers.BatchNormalization(),
    layers.Conv2D(16, 3, padding="same", use_bias=False),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, padding="same", use_bias=False),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.Flatten(),
    layers.Dropout(args.drop),
    layers.Dense(10),
])
net.compile(
    optimizer=optimizers.Adam(args.lr),
    loss=losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

t0 = time.time()
for epoch in range(args.epochs):
    perm = np.random.permutation(len(x_tr))
    net.reset_metrics()
    for k in range(0, len(perm), args.batch):
        pick = perm[k : k + args.batch]
        loss, acc = net.train_on_batch(x_tr[pick], y_tr[pick])
    if epoch % 2 == 1:
        te_loss, te_acc = net.evaluate(x_te, y_te, verbose=0)
        print(f"epoch {epoch + 1:2d}: train loss {float(loss):.3f} acc {float(acc):.3f}   test loss {te_loss:.3f} acc {te_acc:.3f}")

wrong = np.flatnonzero(net.predict(x_te, verbose=0).argmax(1) != y_te)
print(f"{len(wrong)} of {len(y_te)} test digits wrong, {time.time() - t0:.1f} s")
