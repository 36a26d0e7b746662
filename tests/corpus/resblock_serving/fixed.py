import numpy as np, keras
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class ResBlock(layers.Layer):
    def __init__(self, width, **kw):
        super().__init__(**kw)
        self.width = width
        self.fc1 = layers.Dense(width, use_bias=False)
        self.bn1 = layers.BatchNormalization(momentum=0.9)
        self.fc2 = layers.Dense(width, use_bias=False)
        self.bn2 = layers.BatchNormalization(momentum=0.9)

    def call(self, x, training=None):
        h = ops.relu(self._norm(self.bn1, self.fc1(x), training))
        h = self._norm(self.bn2, self.fc2(h), training)
        return ops.relu(x + h)

    def _norm(self, bn, h, training):
        return bn(h, training=training)


class DigitNet(keras.Model):
    def __init__(self, width=48, depth=2):
        super().__init__()
        self.stem = layers.Dense(width)
        self.stem_bn = layers.BatchNormalization(momentum=0.9)
        self.blocks = [ResBlock(width) for _ in range(depth)]
        self.head = layers.Dense(10)

    def call(self, x, training=None):
        x = ops.relu(self.stem_bn(self.stem(x), training=training))
        for b in self.blocks:
            x = b(x, training=training)
        return self.head(x)


keras.utils.set_random_seed(17)
X, t = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
Xa, Xb, ta, tb = train_test_split(X, t, test_size=300, random_state=17)

m = DigitNet()
m.compile(optimizer=keras.optimizers.Adam(1e-3),
          loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
m.fit(Xa, ta, batch_size=64, epochs=8, validation_data=(Xb, tb), verbose=2)

# the scanner at the counter sends one digit at a time
right = 0
for img, label in zip(Xb[:120], tb):
    right += int(np.argmax(m(img[None]).numpy()) == label)
print(f"counter scanner: {right}/120 correct")
