import os
import numpy as np, pandas as pd
import tensorflow as tf
from tensorflow import keras
from sklearn.preprocessing import OneHotEncoder

keras.utils.set_random_seed(100)
ROOT = os.path.dirname(os.path.abspath(__file__))

# ---- read the scans (8x8 values, one text file for each) ----
path = os.path.join(ROOT, "img")
fileList = sorted(os.listdir(path))  # expect: label-mismatch
data = []
for fname in fileList:
    img = np.loadtxt(os.path.join(path, fname))
    data.append(img)
X = np.array(data)[..., None] / 16  # expect-or: label-mismatch

# ---- read labels ----
df = pd.read_csv(os.path.join(ROOT, "labels.csv"))  # expect-or: label-mismatch
df = df.sort_values("id")  # expect-or: label-mismatch
y = df["label"].values.reshape(-1, 1)  # expect-or: label-mismatch
enc = OneHotEncoder(sparse_output=False)
Y = enc.fit_transform(y)

print("images:", X.shape, "labels:", Y.shape)
split = int(0.8 * len(X))
Xtr, Xte = X[:split], X[split:]
Ytr, Yte = Y[:split], Y[split:]

model = keras.Sequential()
model.add(keras.layers.InputLayer(shape=(8, 8, 1)))
model.add(keras.layers.Conv2D(32, kernel_size=(3, 3), activation='relu'))
model.add(keras.layers.Conv2D(64, (3, 3), activation='relu'))
model.add(keras.layers.MaxPooling2D(pool_size=(2, 2)))
model.add(keras.layers.Dropout(0.25))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(64, activation='relu'))
model.add(keras.layers.Dropout(0.25))
model.add(keras.layers.Dense(Y.shape[1], activation='softmax'))

model.compile(loss=keras.losses.CategoricalCrossentropy(), optimizer=keras.optimizers.Adam(), metrics=['accuracy'])
model.fit(Xtr, Ytr, batch_size=32, epochs=25, verbose=0)  # expect-or: label-mismatch

score = model.evaluate(Xtr, Ytr, verbose=0)
print('Train accuracy:', score[1])
score = model.evaluate(Xte, Yte, verbose=0)
print('Test loss:', score[0])
print('Test accuracy:', score[1])
