#%% imports
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Conv2D, Flatten, MaxPool2D, BatchNormalization, Input
from tensorflow.keras.datasets import fashion_mnist

tf.keras.utils.set_random_seed(55)

#%% data: I only want shoes and bags -> 4 groups, like the folders on my disk
(images, labels), (images_t, labels_t) = fashion_mnist.load_data()
folders = {'sandal': 5, 'sneaker': 7, 'bag': 8, 'boot': 9}


def load_folder(imgs, lbls, name):
    sel = imgs[lbls == folders[name]]
    return sel.astype('float32') / 255.


def load_all(imgs, lbls):
    xs, ys = [], []
    for k, name in enumerate(sorted(folders)):
        part = load_folder(imgs, lbls, name)
        print(name, '->', k, len(part))
        xs.append(part)
        ys.append(np.full(len(part), k))
    return np.expand_dims(np.concatenate(xs), -1), np.concatenate(ys)


x, y = load_all(images, labels)
xt, yt = load_all(images_t, labels_t)

#%% generator
class DataGenerator(tf.keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=16, shuffle=True, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.indexes = np.arange(len(self.x))
        self.on_epoch_end()

    def __len__(self):
        return int(np.floor(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        # Generate indexes of the batch
        idx = self.indexes[index * self.batch_size:(index + 1) * self.batch_size]
        return self.x[idx], self.y[idx]

    def on_epoch_end(self):
        if self.shuffle == True:
            np.random.shuffle(self.indexes)


params = {'batch_size': 16, 'shuffle': True}
training_generator = DataGenerator(x, y, **params)
validation_generator = DataGenerator(xt, yt, batch_size=20, shuffle=False)

#%% model
model = Sequential([
    Input((28, 28, 1)),
    Conv2D(16, 3, activation='relu'),
    MaxPool2D(),
    Conv2D(32, 3, activation='relu'),
    MaxPool2D(),
    Flatten(),
    Dense(32, activation='relu'),
    Dense(4, activation='softmax'),
])
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.05, momentum=0.9),
              loss='sparse_categorical_crossentropy', metrics=['accuracy'])

#%% train
h = model.fit(training_generator, validation_data=validation_generator, epochs=8, verbose=2)

#%% result
pred = np.argmax(model.predict(xt, verbose=0), axis=1)
print('predicted per class', np.bincount(pred, minlength=4), 'true', np.bincount(yt))
print('accuracy on test images: %.3f' % np.mean(pred == yt))
