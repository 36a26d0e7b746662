# The csv is too big for memory, so I go through it part by part. The result on the test file is disappointing.
import gc
import numpy as np
import tensorflow as tf
from sklearn.preprocessing import StandardScaler
from tensorflow.keras import Sequential, Input
from tensorflow.keras.layers import Dense, BatchNormalization
from tensorflow.keras.optimizers import Adam

np.random.seed(1)
tf.random.set_seed(1)
N_PARTS, ROWS, FEATURES = 8, 320, 10


def read_part(k):
    # stands for pd.read_csv(path, skiprows=k * ROWS, nrows=ROWS)
    r = np.random.RandomState(100 + k)
    a = r.normal(size=(ROWS, FEATURES)) * np.array([1, 3, 1, 10, 1, 2, 1, 5, 1, 1]) + 4
    z = (a - 4) / np.array([1, 3, 1, 10, 1, 2, 1, 5, 1, 1])
    s = np.sin(1.5 * z[:, 0]) * z[:, 1] + z[:, 2] * z[:, 3] - 0.7 * z[:, 4] + 0.5 * z[:, 7]
    return a.astype("float32"), (s + 0.1 * r.normal(size=ROWS) > 0).astype("float32")


scaler = StandardScaler().fit(read_part(0)[0])
x_test, y_test = read_part(999)
x_test = scaler.transform(x_test)


def create_model():
    m = Sequential([
        Input((FEATURES,)),
        Dense(64, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1, activation="sigmoid"),
    ])
    m.compile(optimizer=Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
    return m


history = []
for part in range(N_PARTS):
    model = create_model()  # expect: update-missing
    X, y = read_part(part)
    X = scaler.transform(X)
    h = model.fit(X, y, batch_size=16, epochs=2, verbose=0)  # expect-or: too-few-steps
    history += h.history["loss"]
    print(f"part {part + 1}/{N_PARTS} loss {h.history['loss'][0]:.4f} -> {h.history['loss'][-1]:.4f} acc {h.history['accuracy'][-1]:.4f}")
    del X, y
    gc.collect()

loss, acc = model.evaluate(x_test, y_test, verbose=0)
print("test loss %.4f  test acc %.4f" % (loss, acc))
