# Keras Sequence gives ~10 % accuracy, the same arrays with model.fit(x, y) give 80 %
# Keras 3, TF backend, CPU
import math
import numpy as np
import keras
from keras import layers
from keras.datasets import fashion_mnist

BATCH = 50


class DataGen(keras.utils.Sequence):
    """does the augmentation (horizontal flip, shift) on the fly"""

    def __init__(self, images, labels, batch_size=BATCH, augment=True, seed=0, **kw):
        super().__init__(**kw)
        self.images, self.labels = images, labels
        self.batch_size = batch_size
        self.augment = augment
        self.rng = np.random.default_rng(seed)
        self.indexes = np.arange(len(images))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def __data_generation(self, ids):
        X = np.empty((len(ids), 28, 28, 1), dtype=np.float32)
        for k, i in enumerate(ids):
            img = self.images[i]
            if self.augment and self.rng.random() < 0.5:
                img = img[:, ::-1]
            X[k, ..., 0] = img / 255.
        return X

    def __getitem__(self, index):
        lo = index * self.batch_size
        ids = self.indexes[lo:lo + self.batch_size]
        X = self.__data_generation(ids)
        y = self.labels[lo:lo + self.batch_size]  # expect: label-mismatch
        return X, y  # expect-or: label-mismatch

    def on_epoch_end(self):
        if self.augment:
            self.rng.shuffle(self.indexes)


keras.utils.set_random_seed(5)
(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
train_gen = DataGen(x_train, y_train)
val_gen = DataGen(x_test, y_test, augment=False)

model = keras.Sequential()
model.add(layers.Conv2D(16, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D())
model.add(layers.Conv2D(32, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D())
model.add(layers.Flatten())
model.add(layers.Dense(64, activation='relu'))
model.add(layers.Dense(10, activation='softmax'))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])

model.fit(train_gen, validation_data=val_gen, epochs=7, verbose=2)  # expect-or: label-mismatch
print('test', model.evaluate(val_gen, verbose=0))
