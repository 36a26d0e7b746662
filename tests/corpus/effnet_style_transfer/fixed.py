# Transfer learning on shoes, shirts and bags. The backbone was pretrained by a colleague on
# trousers, dresses, coats, pullovers and T-shirts; only its weights (backbone.npz) are here.
import keras
import numpy as np
from pathlib import Path

keras.utils.set_random_seed(77)
IMG = (28, 28, 1)
CLASSES = {5: "sandal", 6: "shirt", 7: "sneaker", 8: "bag", 9: "ankle boot"}


def MiniNet(include_top=False, weights=None, input_shape=IMG, include_preprocessing=True):
    """keras.applications-like constructor."""
    inp = keras.layers.Input(input_shape)
    x = inp
    if include_preprocessing:
        x = keras.layers.Rescaling(1.0 / 255, name="rescaling")(x)
    for block, width in enumerate([16, 24, 32], start=1):
        x = keras.layers.Conv2D(width, 3, padding="same", activation="relu", name=f"block{block}_conv")(x)
        if block < 3:
            x = keras.layers.MaxPooling2D(name=f"block{block}_pool")(x)
    if include_top:
        x = keras.layers.GlobalAveragePooling2D()(x)
        x = keras.layers.Dense(5, activation="softmax")(x)
    model = keras.Model(inp, x, name="mininet")
    if weights:
        with np.load(weights) as z:
            model.set_weights([z[f"w{i}"] for i in range(len(z.files))])
    return model


# ------------------------------------------------------------------ pictures
(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()


def prepare(images, labels):
    keep = labels >= 5
    images, labels = images[keep], labels[keep] - 5
    images = images[..., np.newaxis].astype("float32")
    return images, keras.utils.to_categorical(labels, 5)


x_train, y_train = prepare(x_train, y_train)
x_test, y_test = prepare(x_test, y_test)
print("train", x_train.shape, "test", x_test.shape)

# ------------------------------------------------------------------ model
base = MiniNet(include_top=False, weights=Path(__file__).with_name("backbone.npz"))
base.trainable = False

inputs = keras.Input(IMG)
x = base(inputs, training=False)
x = keras.layers.MaxPooling2D()(x)
x = keras.layers.Flatten()(x)
x = keras.layers.Dropout(0.2)(x)
outputs = keras.layers.Dense(len(CLASSES), activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=1e-3),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)

model.fit(x_train, y_train, validation_split=0.1, batch_size=32, epochs=12, verbose=2)

# ------------------------------------------------------------------ result
probs = model.predict(x_test, verbose=0)
guess, truth = probs.argmax(1), y_test.argmax(1)
print(f"test accuracy {np.mean(guess == truth):.3f}")
for k, name in enumerate(CLASSES.values()):
    print(f"  {name:<11} {np.mean(guess[truth == k] == k):.2f}")
