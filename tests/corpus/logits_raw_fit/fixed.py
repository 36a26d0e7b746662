import keras
from keras import layers, ops

keras.utils.set_random_seed(64)
(x, y), (x_val, y_val) = keras.datasets.mnist.load_data()
x = x[:2000, :, :, None].astype("float32") / 255.0
x_val = x_val[:500, :, :, None].astype("float32") / 255.0
y, y_val = y[:2000], y_val[:500]


class SmallNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 3, strides=2, activation="relu")
        self.pool = layers.GlobalMaxPooling2D()
        self.flat = layers.Flatten()
        self.fc = layers.Dense(10)

    def call(self, inputs):
        h = self.conv(inputs)
        h = ops.concatenate([self.pool(h), self.flat(h)], axis=-1)
        return self.fc(h)


net = SmallNet()
net.compile(
    optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(x, y, batch_size=64, epochs=8, validation_data=(x_val, y_val), verbose=2)
print("validation accuracy", net.evaluate(x_val, y_val, verbose=0, return_dict=True)["accuracy"])
