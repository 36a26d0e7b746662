import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import math
import numpy as np
import keras
from keras import layers
from keras.utils import to_categorical
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(11)

# Accelerometer windows from 5 activities (my real data is in 5 csv files, one per activity,
# loaded in the same way). val_acc is about 0.2 - 0.3 in every epoch and the confusion matrix is a mess, train accuracy goes up slowly.
ACT = ['walk', 'run', 'stairs', 'sit', 'bike']
W = 64


def load_recording(k, n):
    t = np.arange(W) / 20.0
    out = np.zeros((n, W, 3), 'float32')
    for i in range(n):
        ph = np.random.uniform(0, 2 * np.pi, 3)
        f = [1.2, 2.6, 1.8, 0.2, 3.4][k] * np.random.uniform(0.93, 1.07)
        amp = np.array([[1.0, .6, .3], [1.5, 1.2, .6], [.8, .5, 1.], [.15, .1, .1], [.5, .9, .8]][k])
        out[i] = amp * np.sin(2 * np.pi * f * t[:, None] + ph) + 0.25 * np.random.randn(W, 3)
    return out


xs, ys = [], []
for k in range(len(ACT)):
    xs.append(load_recording(k, 400)); ys.append(np.full(400, k))
# last 80 windows of every recording for validation
x_train = np.concatenate([a[:320] for a in xs]); y_train = to_categorical(np.concatenate([a[:320] for a in ys]), 5)
x_val = np.concatenate([a[320:] for a in xs]);   y_val = to_categorical(np.concatenate([a[320:] for a in ys]), 5)
mean, std = x_train.mean((0, 1)), x_train.std((0, 1))
x_train = (x_train - mean) / std
x_val = (x_val - mean) / std


class DataGenerator(keras.utils.PyDataset):
    'Generates data for Keras'
    def __init__(self, X, y, batch_size=16, shuffle=True, **kw):
        super().__init__(**kw)
        self.X = X
        self.y = y
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.indexes = np.arange(len(self.X))  # expect-or: unshuffled
        self.on_epoch_end()

    def __len__(self):
        return int(math.floor(len(self.X) / self.batch_size))

    def __getitem__(self, index):
        idx = self.indexes[index * self.batch_size:(index + 1) * self.batch_size]  # expect-or: unshuffled
        return self.X[idx], self.y[idx]

    def on_epoch_end(self):
        'Updates indexes after each epoch'
        if self.shuffle:
            np.random.permutation(self.indexes)  # expect: unshuffled


training_generator = DataGenerator(x_train, y_train, batch_size=16, shuffle=True)  # expect-or: unshuffled
validation_generator = DataGenerator(x_val, y_val, batch_size=40, shuffle=False)

model = keras.Sequential([
    keras.Input((W, 3)),
    layers.Conv1D(24, 7, activation='relu'),
    layers.BatchNormalization(),
    layers.MaxPooling1D(2),
    layers.Conv1D(24, 5, activation='relu'),
    layers.BatchNormalization(),
    layers.GlobalMaxPooling1D(),
    layers.Dense(32, activation='relu'),
    layers.Dense(5, activation='softmax'),
])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(training_generator, validation_data=validation_generator, epochs=4, shuffle=False, verbose=2)  # expect-or: unshuffled

p = model.predict(x_val, verbose=0).argmax(1)
print(confusion_matrix(y_val.argmax(1), p))
print('val acc', np.mean(p == y_val.argmax(1)))
