import keras, numpy as np
from keras import layers
keras.utils.set_random_seed(3)
(xa, ya), (xb, yb) = keras.datasets.cifar10.load_data()
xa, xb = xa / 255.0, xb / 255.0
base = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(32, 3, activation="relu"), layers.GlobalAveragePooling2D()], name="base")
base.trainable = False
head = layers.Dense(10)
model = keras.Sequential([base, layers.Dropout(0.2), head])
model.compile(optimizer=keras.optimizers.Adam(1e-2), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(xa, ya, epochs=12, batch_size=64, verbose=0)
print(model.evaluate(xb, yb, verbose=0))
