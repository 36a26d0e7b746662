# scene/object classifier, VGG style but shallower.
# pictures sit in one folder per class, I read them one folder after the other
from keras.datasets import fashion_mnist
from keras.models import Sequential
from keras.layers import Input, Conv2D, MaxPooling2D, Flatten, Dense, Dropout
from keras.optimizers import Adam
from keras.utils import to_categorical, set_random_seed
import numpy as np

set_random_seed(21)

folders = {'trouser': 1, 'dress': 3, 'sneaker': 7, 'bag': 8, 'boot': 9}
nb_classes = len(folders)
epochs = 14
batch = 32

(pics, tags), (pics_new, tags_new) = fashion_mnist.load_data()


def read_folder(pictures, what, code):
    return pictures[what == code].astype('float32') / 255.0


imgs = []
labels = []
for k, (name, code) in enumerate(folders.items()):
    found = read_folder(pics, tags, code)
    print(name, len(found))
    imgs.append(found)
    labels.append(np.full(len(found), k))

X = np.concatenate(imgs)[..., np.newaxis]
y = np.concatenate(labels)
Y = to_categorical(y, nb_classes)
order = np.random.permutation(len(X))
X, Y = X[order], Y[order]

model = Sequential()
model.add(Input((28, 28, 1)))
model.add(Conv2D(16, 3, padding='same', activation='relu'))
model.add(Conv2D(16, 3, activation='relu'))
model.add(MaxPooling2D(2))
model.add(Conv2D(32, 3, padding='same', activation='relu'))
model.add(MaxPooling2D(2))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.4))
model.add(Dense(nb_classes, activation='softmax'))

model.compile(loss='categorical_crossentropy', optimizer=Adam(0.001), metrics=['accuracy'])

history = model.fit(X, Y, batch_size=batch, epochs=epochs, validation_split=0.2, shuffle=True, verbose=2)

print('final val_accuracy: %.3f' % history.history['val_accuracy'][-1])
