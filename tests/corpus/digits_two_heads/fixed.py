"""Deep narrow trunk with two heads (digit, parity) on the 8x8 digits."""
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Trunk(layers.Layer):
    def __init__(self, width=64, depth=8):
        super().__init__()
        self.blocks = [
            layers.Dense(
                width,
                activation="relu",
                kernel_initializer="he_normal",
            )
            for _ in range(depth)
        ]

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class TwoHeads(keras.Model):
    def __init__(self):
        super().__init__()
        self.trunk = Trunk()
        self.digit = layers.Dense(10, activation="softmax")
        self.parity = layers.Dense(1, activation="sigmoid")

    def call(self, x):
        h = self.trunk(x)
        return {"digit": self.digit(h), "parity": self.parity(h)}


keras.utils.set_random_seed(33)
x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=0, stratify=y)
scaler = StandardScaler().fit(x_train)
x_train, x_test = scaler.transform(x_train), scaler.transform(x_test)


def targets(labels):
    return {"digit": labels, "parity": (labels % 2).astype("float32")}


model = TwoHeads()
model.compile(
    optimizer="adam",
    loss={"digit": "sparse_categorical_crossentropy", "parity": "binary_crossentropy"},
    loss_weights={"digit": 1.0, "parity": 0.5},
    metrics={"digit": ["accuracy"], "parity": ["accuracy"]},
)
model.fit(x_train, targets(y_train), epochs=15, batch_size=32, verbose=2)
print(model.evaluate(x_test, targets(y_test), verbose=0, return_dict=True))
