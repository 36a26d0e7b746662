import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(8)

BASE_LR = 1e-3
WARMUP = 5
EPOCHS = 14

digits = load_digits()
images = digits.images[..., np.newaxis].astype("float32") / 16.0
x_train, x_test, y_train, y_test = train_test_split(
    images, digits.target, test_size=0.2, random_state=8)


# warm up over the first epochs, then keep the rate
def warmup(epoch, lr):
    if epoch < WARMUP:
        return lr * (epoch + 1)  # expect: lr-too-high
    return lr


model = keras.Sequential()
model.add(keras.Input(shape=(8, 8, 1)))
model.add(layers.Conv2D(32, (3, 3), activation="relu", padding="same"))
model.add(layers.Conv2D(32, (3, 3), activation="relu"))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(10, activation="softmax"))

model.compile(optimizer=keras.optimizers.Adam(learning_rate=BASE_LR),
              loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])

model.fit(x_train, y_train,
          batch_size=64,
          epochs=EPOCHS,
          verbose=2,
          validation_split=0.1,
          callbacks=[keras.callbacks.LearningRateScheduler(warmup)])  # expect-or: lr-too-high

score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
