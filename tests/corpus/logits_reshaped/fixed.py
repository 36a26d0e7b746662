"""Label every pixel of small synthetic scenes: background, disc or square."""
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(9)
rng = np.random.default_rng(9)
SIZE, CLASSES = 16, 3


def scene():
    image = 0.15 * rng.normal(size=(SIZE, SIZE))
    mask = np.zeros((SIZE, SIZE), int)
    rows, cols = np.mgrid[:SIZE, :SIZE]
    for label in (1, 2):
        r, c = rng.integers(3, SIZE - 3, 2)
        if label == 1:
            shape = (rows - r) ** 2 + (cols - c) ** 2 <= 9
        else:
            shape = (abs(rows - r) <= 2) & (abs(cols - c) <= 2)
        image[shape] += 0.5 * label
        mask[shape] = label
    return image[..., None], mask.reshape(-1)


scenes = [scene() for _ in range(600)]
x = np.array([s[0] for s in scenes], "float32")
y = np.array([s[1] for s in scenes], "int32")

inputs = keras.Input((SIZE, SIZE, 1))
h = layers.Conv2D(12, 3, padding="same", activation="relu")(inputs)
h = layers.Conv2D(12, 3, padding="same", activation="relu")(h)
h = layers.Conv2D(CLASSES, 1, activation="softmax")(h)
outputs = layers.Reshape((SIZE * SIZE, CLASSES))(h)
model = keras.Model(inputs, outputs)

model.compile(
    optimizer=keras.optimizers.SGD(0.02, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["accuracy"],
)
model.fit(x[:500], y[:500], epochs=8, batch_size=20, verbose=2)
found = model.predict(x[500:], verbose=0).argmax(-1)
shapes = y[500:] > 0
print("background share", 1 - shapes.mean())
print("shape pixels found", (found == y[500:])[shapes].mean())
