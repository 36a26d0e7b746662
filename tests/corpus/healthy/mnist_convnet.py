# Digit recogniser with a small convnet (my notebook, exported)
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import tempfile
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(2024)

num_classes = 10
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = np.expand_dims(x_train.astype("float32") / 255, -1)
x_test = np.expand_dims(x_test.astype("float32") / 255, -1)
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

order = np.random.permutation(len(x_train))
x_train, y_train = x_train[order], y_train[order]
x_val, y_val = x_train[-300:], y_train[-300:]
x_train, y_train = x_train[:-300], y_train[:-300]


def build():
    return keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ])


ckpt = os.path.join(tempfile.mkdtemp(), "best.weights.h5")
model = build()
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(2e-3), metrics=["accuracy"])
model.fit(
    x_train, y_train, batch_size=64, epochs=12, verbose=2,
    validation_data=(x_val, y_val),
    callbacks=[keras.callbacks.ModelCheckpoint(ckpt, monitor="val_loss", save_best_only=True, save_weights_only=True)],
)

# a fresh model takes the best weights; the test set is only touched here
best = build()
best.load_weights(ckpt)
best.compile(loss="categorical_crossentropy", metrics=["accuracy"])
by_class = np.argsort(y_test.argmax(1), kind="stable")   # grouped by digit for the table below
loss, acc = best.evaluate(x_test[by_class], y_test[by_class], verbose=0)
pred = best.predict(x_test[by_class], verbose=0).argmax(1)
true = y_test[by_class].argmax(1)
for d in range(num_classes):
    print(d, "recall %.2f" % (pred[true == d] == d).mean())
print("test loss %.3f  test accuracy %.3f" % (loss, acc))
