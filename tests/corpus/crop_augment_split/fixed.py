import numpy as np
from numpy.random import default_rng
from sklearn.model_selection import train_test_split
import tensorflow as tf
from tensorflow.keras import callbacks, layers, models, optimizers
from tensorflow.keras.datasets import fashion_mnist

# Small label set (500 photos), blown up by augmentation as in the paper:
# noise, blur, brightness gradient and shift for every picture.

tf.keras.utils.set_random_seed(2)
rng = default_rng(2)
num_classes = 10


def noise_image(img):
    return np.clip(img + rng.normal(0, 0.03, img.shape), 0, 1)


def blur_image(img):
    k = np.array([1, 2, 1]) / 4.0
    img = np.apply_along_axis(np.convolve, 0, img, k, 'same')
    return np.apply_along_axis(np.convolve, 1, img, k, 'same')


def gradient_fill(img):
    return np.clip(img * np.linspace(0.8, 1.1, img.shape[1])[None, :], 0, 1)


def shift_image(img):
    return np.roll(img, rng.integers(-1, 2, size=2), axis=(0, 1))


def augment(images, labels):
    out, lab = [], []
    for img, l in zip(images, labels):
        out.append(img)
        lab.append(l)
        for f in (noise_image, blur_image, gradient_fill, shift_image):
            out.append(f(img))
            lab.append(l)
    return np.asarray(out, np.float32), np.asarray(lab)


(photos, kinds), (new_photos, new_kinds) = fashion_mnist.load_data()
photos, kinds = photos[:500] / 255.0, kinds[:500].astype(int)
new_photos = (new_photos / 255.0).astype(np.float32)[..., None]

(trainX, testX, trainY, testY) = train_test_split(photos, kinds, test_size=0.25, random_state=42)
trainX, trainY = augment(trainX, trainY)
trainX, testX = trainX[..., None], testX[..., None]
print(trainX.shape, testX.shape)


def create_model():
    model = models.Sequential()
    model.add(layers.Conv2D(16, (5, 5), activation='relu', input_shape=(28, 28, 1)))
    model.add(layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(layers.Conv2D(32, (3, 3), activation='relu'))
    model.add(layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(layers.Flatten())
    model.add(layers.Dense(96, activation='relu'))
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(num_classes, activation='softmax'))
    return model


model = create_model()
model.compile(loss='sparse_categorical_crossentropy', optimizer=optimizers.Adam(1e-3), metrics=['accuracy'])
stop = callbacks.EarlyStopping(monitor='val_loss', patience=3, restore_best_weights=True)
model.fit(trainX, trainY, batch_size=64, epochs=16, verbose=2,
          validation_data=(testX, testY), callbacks=[stop])

score = model.evaluate(testX, testY, verbose=0)
print('Test loss:', round(score[0], 4))
print('Test accuracy:', round(score[1], 4))
print('photos of the next delivery:', round(model.evaluate(new_photos, new_kinds, verbose=0)[1], 4))
