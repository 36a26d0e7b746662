import time

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(4)

# --- data: picture + writer's pen width / slant -------------------------------------
d = load_digits()
pics = (d.images / 16.0).astype("float32")[..., None]
pen = (pics > 0.2).mean(axis=(1, 2))
xs = np.arange(8, dtype="float32")
slant = (pics[:, :4, :, 0].sum(1) * xs).sum(1) / (pics[:, :4].sum((1, 2, 3)) + 1e-6) \
    - (pics[:, 4:, :, 0].sum(1) * xs).sum(1) / (pics[:, 4:].sum((1, 2, 3)) + 1e-6)
extra = np.column_stack([pen, slant])
extra = ((extra - extra.mean(0)) / extra.std(0)).astype("float32")
labels = d.target.astype("int32")

P_tr, P_te, E_tr, E_te, y_tr, y_te = train_test_split(
    pics, extra, labels, test_size=0.25, stratify=labels, random_state=4)

# --- networks -----------------------------------------------------------------------
encoder = tf.keras.Sequential([
    layers.Input((8, 8, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.Conv2D(16, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(5, activation="tanh"),
], name="encoder")

classifier = tf.keras.Sequential([
    layers.Input((7,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(10),
], name="classifier")

opt = tf.keras.optimizers.Adam(8e-3)
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
weights = encoder.trainable_variables + classifier.trainable_variables
print("trainable arrays:", len(weights), " numbers:", sum(int(np.prod(w.shape)) for w in weights))


def forward(pic, ext, training=False):
    code = encoder(pic, training=training)
    both = np.concatenate([code, ext], axis=1)  # expect: gradient-disconnected
    return classifier(both, training=training)


ds = tf.data.Dataset.from_tensor_slices((P_tr, E_tr, y_tr)).shuffle(len(y_tr), seed=4).batch(64)

t0 = time.time()
for epoch in range(1, 8):
    running, seen = 0.0, 0
    for pic, ext, y in ds:
        with tf.GradientTape() as tape:
            logits = forward(pic, ext, training=True)
            loss = xent(y, logits)
        grads = tape.gradient(loss, weights)
        opt.apply_gradients(zip(grads, weights))
        running += float(loss) * len(y)
        seen += len(y)
    if epoch % 2 == 1:
        acc = np.mean(np.argmax(forward(P_te, E_te), axis=1) == y_te)
        print(f"epoch {epoch:2d}  loss {running / seen:.4f}  test acc {acc:.3f}  ({time.time() - t0:.1f}s)")

final = np.argmax(forward(P_te, E_te), axis=1)
print("errors:", int(np.sum(final != y_te)), "of", len(y_te))
print(f"test accuracy {np.mean(final == y_te):.3f}")
