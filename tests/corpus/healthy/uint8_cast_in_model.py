import keras
from keras import ops


class Classifier(keras.Model):
    """Takes the uint8 images as they are."""

    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(100, activation="relu")
        self.head = keras.layers.Dense(10, activation="softmax")

    def call(self, images):
        x = ops.cast(images, "float32") / 255.0
        x = ops.reshape(x, (-1, 784))
        return self.head(self.hidden(x))


keras.utils.set_random_seed(57)
(x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
model = Classifier()
model.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:3000], y[:3000], epochs=8, batch_size=32, verbose=2)
print("test accuracy", model.evaluate(xt[:500], yt[:500], verbose=0)[1])
