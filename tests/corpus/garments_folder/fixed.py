from pathlib import Path

import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import (Activation, Conv2D, Dense, Dropout, Flatten,
                                     Input, MaxPooling2D)
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

HERE = Path(__file__).resolve().parent
CATEGORIES = ["trouser", "pullover", "dress", "sandal", "bag"]
IMG = 28
nb_classes = len(CATEGORIES)

keras.utils.set_random_seed(1234)


def load_category(archive, name):
    imgs = archive[name].astype("float32") / 255.0
    return imgs.reshape(-1, IMG, IMG, 1)


def load_images():
    data, labels = [], []
    with np.load(HERE / "garments.npz") as archive:
        for class_no, name in enumerate(CATEGORIES):
            imgs = load_category(archive, name)
            print("%-10s %4d images" % (name, len(imgs)))
            data.append(imgs)
            labels += [class_no] * len(imgs)
    return np.concatenate(data), np.array(labels)


X, y = load_images()
order = np.random.permutation(len(X))
X, y = X[order], y[order]
Y = to_categorical(y, nb_classes)
print("data", X.shape, "labels", Y.shape)

# small VGG-like net
model = Sequential()
model.add(Input(shape=(IMG, IMG, 1)))
model.add(Conv2D(16, (3, 3), padding="same"))
model.add(Activation("relu"))
model.add(Conv2D(16, (3, 3)))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.15))

model.add(Conv2D(32, (3, 3), padding="same"))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.15))

model.add(Flatten())
model.add(Dense(64))
model.add(Activation("relu"))
model.add(Dropout(0.3))
model.add(Dense(nb_classes))
model.add(Activation("softmax"))

model.compile(loss="categorical_crossentropy",
              optimizer=keras.optimizers.SGD(learning_rate=0.02, momentum=0.9, nesterov=True),
              metrics=["accuracy"])

hist = model.fit(X, Y, batch_size=32, epochs=7, validation_split=0.2,
                 shuffle=True, verbose=2)

print("last training accuracy   : %.3f" % hist.history["accuracy"][-1])
print("last validation accuracy : %.3f" % hist.history["val_accuracy"][-1])
