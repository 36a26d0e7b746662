"""Everything that makes the TRAINING numbers look bad and the test numbers good:
mixup, label smoothing, cut-out squares, noise and a lot of dropout, on 1,100 digits."""
import numpy as np
import tensorflow as tf
from keras import Sequential, layers, losses, optimizers, utils
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

utils.set_random_seed(15)
AUTOTUNE = tf.data.AUTOTUNE

X, Y = load_digits(return_X_y=True)
X = (X.reshape(-1, 8, 8, 1) / 16.0).astype("float32")
x_tr, x_te, y_tr, y_te = train_test_split(X, Y, train_size=1100, random_state=15)
y_tr1, y_te1 = (utils.to_categorical(y, 10).astype("float32") for y in (y_tr, y_te))


def cutout(image, label):
    corner = tf.random.uniform((2,), 0, 7, dtype=tf.int32)
    rows = tf.range(8)[:, None]
    cols = tf.range(8)[None, :]
    hole = ((rows >= corner[0]) & (rows < corner[0] + 2) & (cols >= corner[1]) & (cols < corner[1] + 2))
    return tf.where(hole[..., None], tf.zeros_like(image), image), label


def mixup(images, labels, strength=0.6):
    n = tf.shape(images)[0]
    a = tf.random.gamma((n,), strength)
    b = tf.random.gamma((n,), strength)
    lam = a / (a + b + 1e-8)
    other = tf.random.shuffle(tf.range(n))
    li, ll = lam[:, None, None, None], lam[:, None]
    return (li * images + (1 - li) * tf.gather(images, other),
            ll * labels + (1 - ll) * tf.gather(labels, other))


train_ds = (tf.data.Dataset.from_tensor_slices((x_tr, y_tr1))
            .cache()
            .shuffle(1100, seed=15)
            .map(cutout, num_parallel_calls=AUTOTUNE)
            .batch(50)
            .map(mixup, num_parallel_calls=AUTOTUNE)
            .prefetch(AUTOTUNE))
test_ds = tf.data.Dataset.from_tensor_slices((x_te, y_te1)).batch(200)

model = Sequential([
    layers.Input((8, 8, 1)),
    layers.GaussianNoise(0.15),
    layers.Conv2D(48, 3, padding="same", activation="relu"),
    layers.SpatialDropout2D(0.2),
    layers.Conv2D(48, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.6),
    layers.Dense(256, activation="relu"),
    layers.Dropout(0.7),
    layers.Dense(10),
])
model.compile(
    optimizer=optimizers.AdamW(2e-3, weight_decay=1e-3),
    loss=losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    metrics=["accuracy"],
)
h = model.fit(train_ds, validation_data=test_ds, epochs=24, verbose=0).history

for e in (0, 7, 15, 23):
    print(f"{e + 1:3d}  train {h['loss'][e]:.3f} / {h['accuracy'][e]:.3f}"
          f"   test {h['val_loss'][e]:.3f} / {h['val_accuracy'][e]:.3f}")

_, clean_train = model.evaluate(x_tr, y_tr1, verbose=0)
_, clean_test = model.evaluate(test_ds, verbose=0)
print(f"accuracy on mixed training batches {h['accuracy'][-1]:.3f}, on clean training images {clean_train:.3f}")
print(f"test accuracy {clean_test:.3f}")
