import numpy as np
import tensorflow as tf
from tensorflow.keras.datasets import fashion_mnist

from nets import small_cnn

tf.keras.utils.set_random_seed(8)
BATCH = 50
EPOCHS = 10


def stretch(imgs):
    """contrast stretch picture by picture, darkest -> 0 brightest -> 1"""
    res = np.zeros_like(imgs)  # expect: degenerate-feature
    for n, im in enumerate(imgs):
        lo, hi = im.min(), im.max()
        res[n] = (im - lo) / max(float(hi) - float(lo), 1.0)
    return res


def load():
    (xa, ya), (xb, yb) = fashion_mnist.load_data()
    xa, ya, xb, yb = xa[:2000], ya[:2000], xb[:500], yb[:500]
    xa = stretch(xa)[..., np.newaxis]
    xb = stretch(xb)[..., np.newaxis]
    return xa.astype("float32"), ya, xb.astype("float32"), yb


x_train, y_train, x_test, y_test = load()
print(x_train.shape, x_train.dtype, "min", x_train.min(), "max", x_train.max())

model = small_cnn((28, 28, 1), 10)
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

order = np.arange(len(x_train))
for ep in range(EPOCHS):
    np.random.shuffle(order)
    for s in range(0, len(order), BATCH):
        pick = order[s:s + BATCH]
        loss, acc = model.train_on_batch(x_train[pick], y_train[pick])
    vl, va = model.evaluate(x_test, y_test, verbose=0, batch_size=250)
    print("ep", ep, "train", round(float(loss), 3), round(float(acc), 3), "val", round(vl, 3), round(va, 3))
