from pathlib import Path
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers, models, optimizers
from sklearn.datasets import load_digits

# ------------------------------------------------------------------
# Transfer learning in three stages:
#   A  learn the digits 0-4 from plenty of images
#   B  frozen backbone, new head, digits 5-9 from only 20 images each
#   C  unfreeze, fine-tune with a tiny learning rate (batch norm stays frozen)
# ------------------------------------------------------------------
keras.utils.set_random_seed(77)

d = load_digits()
images = (d.images[..., None] / 16.0).astype("float32")
labels = d.target

low, high = labels < 5, labels >= 5
xa, ya = images[low], labels[low]
xb, yb = images[high], labels[high] - 5

rng = np.random.default_rng(77)
few = np.concatenate([rng.choice(np.flatnonzero(yb == k), 20, replace=False) for k in range(5)])
rest = np.setdiff1d(np.arange(len(yb)), few)
x_few, y_few, x_rest, y_rest = xb[few], yb[few], xb[rest], yb[rest]

backbone = models.Sequential(name="backbone", layers=[
    layers.Input((8, 8, 1)),
    layers.Conv2D(32, 3, padding="same", use_bias=False),
    layers.BatchNormalization(momentum=0.9),
    layers.ReLU(),
    layers.Conv2D(64, 3, padding="same", strides=2, use_bias=False),
    layers.BatchNormalization(momentum=0.9),
    layers.ReLU(),
    layers.Flatten(),
])

# ---- A
stage_a = models.Sequential([backbone, layers.Dense(5, activation="softmax")])
stage_a.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
stage_a.fit(xa, ya, epochs=6, batch_size=32, verbose=0)
print("A: accuracy on 0-4        %.3f" % stage_a.evaluate(xa, ya, verbose=0)[1])
weights_file = Path(__file__).with_name("backbone.weights.h5")
backbone.save_weights(weights_file)

# ---- B
backbone.load_weights(weights_file)
backbone.trainable = False
image = keras.Input((8, 8, 1))
features = backbone(image, training=False)
out = layers.Dense(5, activation="softmax", name="new_head")(features)
transfer = models.Model(image, out)
transfer.compile(optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
print("B: trainable arrays", len(transfer.trainable_weights), "of", len(transfer.weights))
before = transfer.evaluate(x_rest, y_rest, verbose=0)[1]
hb = transfer.fit(x_few, y_few, epochs=40, batch_size=20, verbose=0)
after_b = transfer.evaluate(x_rest, y_rest, verbose=0)
print("B: accuracy on unseen 5-9 %.3f -> %.3f   (training loss %.4f -> %.4f)"
      % (before, after_b[1], hb.history["loss"][0], hb.history["loss"][-1]))

# ---- C
backbone.trainable = True
transfer.compile(optimizers.Adam(3e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
hc = transfer.fit(x_few, y_few, epochs=15, batch_size=20, verbose=0)
after_c = transfer.evaluate(x_rest, y_rest, verbose=0)
print("C: accuracy on unseen 5-9 %.3f   (training loss %.4f -> %.4f)"
      % (after_c[1], hc.history["loss"][0], hc.history["loss"][-1]))

# ---- the same 100 images without the backbone, for comparison
scratch = models.Sequential([
    layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(5, activation="softmax")])
scratch.compile(optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
scratch.fit(x_few, y_few, epochs=40, batch_size=20, verbose=0)
print("softmax regression on pixels %.3f" % scratch.evaluate(x_rest, y_rest, verbose=0)[1])
weights_file.unlink()
