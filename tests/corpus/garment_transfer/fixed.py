"""Fine-tune an encoder pre-trained on garments for three coarse shop categories."""
import numpy as np
import keras
from keras import layers

COARSE = np.array([0, 1, 0, 0, 0, 2, 0, 2, 3, 2])
NAMES = ["upper", "trousers", "shoes", "bag"]

keras.utils.set_random_seed(30)
(x, fine), (x_te, fine_te) = keras.datasets.fashion_mnist.load_data()
x = x.reshape(len(x), -1).astype("float32") / 255.0
x_te = x_te.reshape(len(x_te), -1).astype("float32") / 255.0
y, y_te = COARSE[fine], COARSE[fine_te]

enc_1 = layers.Dense(128, activation="relu", name="enc_1")
enc_2 = layers.Dense(64, activation="relu", name="enc_2")
model = keras.Sequential(
    [
        keras.Input((784,)),
        enc_1,
        enc_2,
        layers.Dense(32, activation="relu", name="neck"),
        layers.Dense(len(NAMES), name="category"),
    ]
)

with np.load("encoder_r4.npz") as saved:
    enc_1.set_weights([saved["enc_1_kernel"], saved["enc_1_bias"]])
    enc_2.set_weights([saved["enc_2_kernel"], saved["enc_2_bias"]])

model.compile(
    optimizer=keras.optimizers.Adam(5e-4),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x, y, batch_size=64, epochs=8, validation_split=0.1, verbose=2)

guess = model.predict(x_te, verbose=0).argmax(1)
for c, name in enumerate(NAMES):
    hit = np.sum((guess == c) & (y_te == c))
    print(f"{name:>9} recall {hit / np.sum(y_te == c):.3f} of {np.sum(y_te == c)}")
print(f"test accuracy {np.mean(guess == y_te):.3f}")
