from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from sklearn.utils import shuffle
import numpy as np, keras
from keras import layers
keras.utils.set_random_seed(7)
data = load_wine()
scaler = StandardScaler()
features = scaler.fit_transform(data.data)
features = shuffle(features, random_state=3)  # expect: label-mismatch
labels = data.target
labels = shuffle(labels, random_state=4)  # expect-or: label-mismatch
onehot = keras.utils.to_categorical(labels)
n = 140
net = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
hist = net.fit(features[:n], onehot[:n], epochs=60, batch_size=10, verbose=0, validation_data=(features[n:], onehot[n:]))  # expect-or: label-mismatch
print(hist.history["accuracy"][-1], hist.history["val_accuracy"][-1])
