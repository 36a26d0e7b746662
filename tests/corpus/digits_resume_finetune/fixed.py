"""Pre-train on scanner A, save a checkpoint, adapt the network to scanner B
(film negatives, fed upside down) with a few hundred labelled scans."""
import pathlib
import tempfile

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(33)
CKPT = pathlib.Path(tempfile.mkdtemp()) / "digits.weights.h5"
rng = np.random.default_rng(33)


def get_net(lr):
    net = keras.Sequential([
        layers.Input((8, 8, 1)),
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(48, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    net.compile(keras.optimizers.Adam(lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def pretrain(x, y):
    net = get_net(2e-3)
    net.fit(x, y, epochs=6, batch_size=32, verbose=0)
    print("scanner A, own training set: %.3f" % net.evaluate(x, y, verbose=0)[1])
    net.save_weights(CKPT)


def finetune(x, y, x_test, y_test, epochs=20, batch=32):
    net = get_net(1e-3)
    net.load_weights(CKPT)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        losses = []
        for i in range(0, len(x), batch):
            b = order[i:i + batch]
            loss, _ = net.train_on_batch(x[b], y[b])
            losses.append(float(loss))
        net.reset_metrics()
        if epoch % 4 == 3:
            pred = net.predict_on_batch(x_test).argmax(-1)
            print("epoch %2d  loss %.4f  scanner B test accuracy %.3f"
                  % (epoch + 1, np.mean(losses), np.mean(pred == y_test)))
    return net


digits = load_digits()
x = (digits.images[..., None] / 16.0).astype("float32")
y = digits.target
perm = rng.permutation(len(x))
xa, ya = x[perm[:1000]], y[perm[:1000]]
xb, yb = 1.0 - x[perm[1000:], ::-1], y[perm[1000:]]

pretrain(xa, ya)
net = finetune(xb[:400], yb[:400], xb[400:], yb[400:])
print("final, scanner B: %.3f" % np.mean(net.predict_on_batch(xb[400:]).argmax(-1) == yb[400:]))
