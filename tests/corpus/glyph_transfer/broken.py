# Transfer learning on a laptop: learn a small backbone on digits 0-4,
# freeze it, put a new head on top for digits 5-9
import os
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(99)

folder = os.path.dirname(os.path.abspath(__file__))


def load_split(wanted, n_train):
    """images and 0-based labels of the wanted digits"""
    with np.load(os.path.join(folder, "digits.npz")) as z:
        img, cls = z["img"], z["cls"]
    mask = np.isin(cls, wanted)
    img = img[mask][..., np.newaxis].astype("float32")
    cls = cls[mask].astype("int32") - min(wanted)
    return (img[:n_train], cls[:n_train]), (img[n_train:], cls[n_train:])


def backbone():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1.0 / 255),
            layers.Conv2D(12, 3, strides=2, activation="relu"),
            layers.Conv2D(24, 3, strides=2, activation="relu"),
            layers.Flatten(),
        ],
        name="backbone",
    )


# ---------------------------------------------------------------- source task
(src_x, src_y), (src_vx, src_vy) = load_split([0, 1, 2, 3, 4], 800)
print("source", src_x.shape, src_vx.shape)

body = backbone()
source_model = keras.Sequential([body, layers.Dense(5, activation="softmax")])
source_model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source_model.fit(
    src_x, src_y,
    validation_data=(src_vx, src_vy),
    epochs=4, batch_size=32, verbose=2,
)

# ---------------------------------------------------------------- target task
(tgt_x, tgt_y), (tgt_vx, tgt_vy) = load_split([5, 6, 7, 8, 9], 700)
tgt_x, tgt_vx = tgt_x / 255.0, tgt_vx / 255.0  # expect: input-scale
print("target", tgt_x.shape, tgt_vx.shape)

body.trainable = False
inp = keras.Input((28, 28, 1))
feat = body(inp, training=False)
feat = layers.Dropout(0.2)(feat)
out = layers.Dense(5, activation="softmax")(feat)
target_model = keras.Model(inp, out)
target_model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
target_model.summary()
hist = target_model.fit(
    tgt_x, tgt_y,
    validation_data=(tgt_vx, tgt_vy),
    epochs=10, batch_size=32, verbose=2,
)

print("source task val accuracy:", round(float(source_model.evaluate(src_vx, src_vy, verbose=0)[1]), 3))
print("target task val accuracy:", round(hist.history["val_accuracy"][-1], 3))
