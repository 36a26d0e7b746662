"""Transfer learning in small: learn features on digits 0-4, freeze them and
train a new head for 5-9 with few labelled images per class; then fine-tune."""
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(31)
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x = x[..., None].astype("float32") / 255.
xt = xt[..., None].astype("float32") / 255.

src, src_t = y < 5, yt < 5
tgt, tgt_t = y >= 5, yt >= 5

base = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 5, strides=2, activation="relu", padding="same"),
    layers.Conv2D(32, 3, strides=2, activation="relu", padding="same"),
    layers.Conv2D(64, 3, strides=2, activation="relu", padding="same"),
    layers.Flatten(),
], name="features")

inp = keras.Input((28, 28, 1))
source_model = keras.Model(inp, layers.Dense(5, activation="softmax")(layers.Dropout(.4)(base(inp))))
source_model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source_model.fit(x[src], y[src], batch_size=32, epochs=10, verbose=0)
print("source task 0-4: accuracy %.3f" % source_model.evaluate(xt[src_t], yt[src_t], verbose=0)[1])

# target task: 600 images to learn from, 200 to watch, labels renumbered 0..4
idx = np.random.permutation(np.flatnonzero(tgt))
fit_idx, val_idx = idx[:600], idx[600:800]

base.trainable = False
inp = keras.Input((28, 28, 1))
z = base(inp, training=False)
target_model = keras.Model(inp, layers.Dense(5, activation="softmax")(layers.Dropout(.5)(z)))
target_model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
print("trainable tensors with the base frozen:", len(target_model.trainable_variables))
target_model.fit(x[fit_idx], y[fit_idx] - 5, validation_data=(x[val_idx], y[val_idx] - 5),
                 batch_size=32, epochs=18, verbose=2)
print("head only, 5-9: accuracy %.3f" % target_model.evaluate(xt[tgt_t], yt[tgt_t] - 5, verbose=0)[1])

base.trainable = True
target_model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
target_model.fit(x[fit_idx], y[fit_idx] - 5, validation_data=(x[val_idx], y[val_idx] - 5),
                 batch_size=32, epochs=5, verbose=2)
print("fine-tuned, 5-9: accuracy %.3f" % target_model.evaluate(xt[tgt_t], yt[tgt_t] - 5, verbose=0)[1])
