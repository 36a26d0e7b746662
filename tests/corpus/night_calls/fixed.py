"""Bat species from call features.  80 / 20 split done inside tf.data."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification

SPECIES = ["pipistrelle", "noctule", "serotine", "barbastelle"]

feats, species = make_classification(
    n_samples=2400, n_features=24, n_informative=8, n_redundant=4, n_classes=4,
    n_clusters_per_class=1, class_sep=1.2, flip_y=0.14, random_state=12,
)
feats = ((feats - feats.mean(0)) / feats.std(0)).astype("float32")
calls, later_calls = (feats[:1200], species[:1200]), (feats[1200:], species[1200:])

N = len(calls[0])
n_train = int(0.8 * N)

everything = tf.data.Dataset.from_tensor_slices(calls)
everything = everything.shuffle(N, seed=7, reshuffle_each_iteration=False)
train_ds = everything.take(n_train).batch(32).prefetch(tf.data.AUTOTUNE)
valid_ds = everything.skip(n_train).batch(32).prefetch(tf.data.AUTOTUNE)

tf.keras.utils.set_random_seed(7)
model = tf.keras.Sequential(
    [
        tf.keras.layers.Input((24,)),
        tf.keras.layers.Dense(192, activation="relu"),
        tf.keras.layers.Dense(96, activation="relu"),
        tf.keras.layers.Dense(len(SPECIES), activation="softmax"),
    ]
)
model.compile(tf.keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])

stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
history = model.fit(train_ds, validation_data=valid_ds, epochs=40, callbacks=[stop], verbose=2)

best = int(np.argmin(history.history["val_loss"]))
print("best epoch %d: val accuracy %.3f" % (best + 1, history.history["val_accuracy"][best]))

# second season, recorded after the model was frozen
loss, acc = model.evaluate(*later_calls, verbose=0)
print("second season: accuracy %.3f, loss %.3f" % (acc, loss))
