import math
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Input, Conv2D, MaxPooling2D, Dropout, Flatten, Dense
from sklearn.metrics import confusion_matrix

categories = ["cardboard", "glass", "metal", "paper", "plastic"]
keras.utils.set_random_seed(1)


def fake_photo(kind, r):
    """ 24x24 grey stand-in for a photo of one piece of waste """
    yy, xx = np.mgrid[0:24, 0:24]
    img = r.normal(120, 9, (24, 24))
    cx, cy = r.uniform(9, 15, 2)
    rad = r.uniform(6, 9)
    disc = (xx - cx) ** 2 + (yy - cy) ** 2 < rad ** 2
    box = (abs(xx - cx) < rad) & (abs(yy - cy) < rad * .8)
    ph = r.uniform(0, 6)
    if kind == "cardboard":
        img[box] = 95 + 25 * np.sign(np.sin(xx * 1.6 + ph))[box]
    elif kind == "glass":
        ring = disc & ((xx - cx) ** 2 + (yy - cy) ** 2 > (rad - 2.2) ** 2)
        img[ring] += 75
    elif kind == "metal":
        img[disc] = 70 + 110 * np.exp(-((xx - cx + yy - cy) / 4.0) ** 2)[disc]
    elif kind == "paper":
        img[box] = 205
        img[box & (yy % 4 == 0)] = 165
    else:
        img[disc] = 150 + 30 * np.sin(yy * .9 + ph)[disc]
    return np.clip(img + r.normal(0, 14, img.shape), 0, 255).astype("uint8")


def load(n_per_class, seed):
    r = np.random.default_rng(seed)
    photos = [fake_photo(c, r) for c in categories for _ in range(n_per_class)]
    return np.array(photos)[..., None], np.repeat(np.arange(len(categories)), n_per_class)


class PhotoSet(keras.utils.PyDataset):
    def __init__(self, photos, labels, batch_size=10, flip=False, shuffle=True):
        super().__init__()
        self.photos, self.classes = photos, labels
        self.batch_size, self.flip, self.shuffle = batch_size, flip, shuffle
        self.index_array = np.arange(len(labels))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.classes) / self.batch_size)

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.index_array)

    def __getitem__(self, i):
        rows = self.index_array[i * self.batch_size:(i + 1) * self.batch_size]
        x = self.photos[rows].astype("float32") * (1. / 255)
        if self.flip and np.random.rand() < .5:
            x = x[:, :, ::-1]
        return x, keras.utils.to_categorical(self.classes[rows], len(categories))


train_set = PhotoSet(*load(180, seed=1), batch_size=20, flip=True, shuffle=True)
test_set = PhotoSet(*load(80, seed=2), batch_size=20, shuffle=True)  # expect: metric-wrong

classifier = Sequential()
classifier.add(Input((24, 24, 1)))
classifier.add(Conv2D(16, (3, 3), activation='relu'))
classifier.add(MaxPooling2D(pool_size=(2, 2)))
classifier.add(Conv2D(32, (3, 3), activation='relu'))
classifier.add(MaxPooling2D(pool_size=(2, 2)))
classifier.add(Dropout(.1))
classifier.add(Flatten())
classifier.add(Dense(48, activation='relu'))
classifier.add(Dense(5, activation='softmax'))
classifier.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

classifier.fit(train_set, epochs=6, validation_data=test_set, verbose=2)

# per-class result
probabilities = classifier.predict(test_set, verbose=0)  # expect-or: metric-wrong
predicted = np.argmax(probabilities, axis=1)
matrix = confusion_matrix(test_set.classes, predicted)  # expect-or: metric-wrong
print(" " * 10, *[c[:6].rjust(7) for c in categories])
for name, row in zip(categories, matrix):
    print(name.ljust(10), *["%7d" % v for v in row])
print("accuracy from the confusion matrix: %.3f" % (np.trace(matrix) / matrix.sum()))
