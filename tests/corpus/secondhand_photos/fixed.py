# Sort the photos of my second-hand shop into categories
# photos/<category>/0000.png ...
import glob
import os

import numpy as np
from PIL import Image
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout, Input
from tensorflow.keras.utils import to_categorical, set_random_seed

set_random_seed(0)
PHOTO_DIR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "photos")
SIZE = 28

categories = sorted(os.listdir(PHOTO_DIR))
print("categories:", categories)

images = []
labels = []
for number, cat in enumerate(categories):
    files = sorted(glob.glob(os.path.join(PHOTO_DIR, cat, "*.png")))
    print(" ", cat, len(files), "photos")
    for file in files:
        img = Image.open(file).convert("L").resize((SIZE, SIZE))
        images.append(np.asarray(img))
        labels.append(number)

images = np.array(images, dtype="float32") / 255
images = images.reshape(-1, SIZE, SIZE, 1)
labels = to_categorical(labels, len(categories))
order = np.random.permutation(len(images))
images, labels = images[order], labels[order]
print(images.shape, labels.shape)

model = Sequential()
model.add(Input((SIZE, SIZE, 1)))
model.add(Conv2D(8, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(16, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dropout(0.2))
model.add(Dense(32, activation="relu"))
model.add(Dense(len(categories), activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

history = model.fit(
    images, labels,
    epochs=8,
    batch_size=16,
    validation_split=0.2,
)

acc = history.history["accuracy"]
val_acc = history.history["val_accuracy"]
print("best epoch:", int(np.argmax(val_acc)) + 1)
print("train accuracy:", round(acc[-1], 3))
print("validation accuracy:", round(val_acc[-1], 3))

# look at some photos of each category
for number, cat in enumerate(categories):
    pick = np.where(labels[:, number] == 1)[0][-5:]
    p = model.predict(images[pick], verbose=0).argmax(axis=1)
    print(cat, "->", [categories[k] for k in p])
