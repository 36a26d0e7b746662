'''Bottleneck features: run every picture through the frozen convolutional part once,
   then train only a little classifier on what comes out.'''

import math
import numpy as np
import keras
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout, GlobalAveragePooling2D
from keras.utils import PyDataset, to_categorical
from keras.datasets import mnist

batch_size = 20
epochs = 12
seed = 1337
keras.utils.set_random_seed(seed)


class ImageFlow(PyDataset):
    '''what flow_from_directory did, for arrays: pictures sorted by class, like folders'''

    def __init__(self, pictures, digits, batch_size=20, class_mode='sparse', shuffle=True, seed=None):
        super().__init__()
        by_folder = np.argsort(digits, kind='stable')
        self.pictures = pictures[by_folder]
        self.classes = digits[by_folder]
        self.n = len(self.classes)
        self.batch_size = batch_size
        self.class_mode = class_mode
        self.index = np.arange(self.n)
        self.shuffle = shuffle
        self.rng = np.random.RandomState(seed)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(self.n / self.batch_size)

    def __getitem__(self, i):
        sel = self.index[i * self.batch_size:(i + 1) * self.batch_size]
        x = self.pictures[sel, :, :, None].astype('float32') / 255.
        if self.class_mode is None:
            return (x,)
        return x, self.classes[sel]

    def on_epoch_end(self):
        if self.shuffle:
            self.rng.shuffle(self.index)


def pretrained_convs(pictures, digits):
    '''stands in for VGG16(include_top=False): learned on the digits 0 - 4'''
    net = keras.Sequential([
        keras.Input((28, 28, 1)),
        Conv2D(16, 3, activation='relu'), MaxPooling2D(),
        Conv2D(32, 3, activation='relu'), MaxPooling2D(),
        Flatten(), Dense(5, activation='softmax')])
    net.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
    net.fit(ImageFlow(pictures, digits, 32, seed=seed), epochs=3, verbose=2)
    return keras.Sequential(net.layers[:4])


(x, y), (x_val, y_val) = mnist.load_data()
model = pretrained_convs(x[y < 5], y[y < 5])

# new task: the digits 5 - 9
train_generator = ImageFlow(x[y >= 5], y[y >= 5] - 5, batch_size,
                            class_mode=None, seed=seed, shuffle=False)
val_generator = ImageFlow(x_val[y_val >= 5], y_val[y_val >= 5] - 5, batch_size,
                          class_mode=None, shuffle=False)

bottleneck_features_train = model.predict(train_generator, verbose=0)
bottleneck_features_train_label = to_categorical(train_generator.classes, 5)
bottleneck_features_val = model.predict(val_generator, verbose=0)
bottleneck_features_val_label = to_categorical(val_generator.classes, 5)
print(bottleneck_features_train.shape, bottleneck_features_train_label.shape)

top = keras.Sequential([
    keras.Input(bottleneck_features_train.shape[1:]),
    Flatten(),
    Dense(64, activation='relu'),
    Dropout(0.3),
    Dense(5, activation='softmax')])
top.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
top.fit(bottleneck_features_train, bottleneck_features_train_label,
        batch_size=batch_size, epochs=epochs, verbose=2,
        validation_data=(bottleneck_features_val, bottleneck_features_val_label))
score = top.evaluate(bottleneck_features_val, bottleneck_features_val_label, verbose=0)
print('validation loss %.3f, validation accuracy %.3f' % tuple(score))
