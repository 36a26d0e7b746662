# Map german word vectors onto english word vectors (both 40-d). The loss goes down nicely, nearest neighbours are nonsense
import json
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Input, Dense

np.random.seed(0)
tf.random.set_seed(0)
DIM, WORDS = 40, 1500

# small stand-in for the two fasttext files
base = np.random.randn(WORDS, DIM)
rot, _ = np.linalg.qr(np.random.randn(DIM, DIM))
de = (base + 0.05 * np.random.randn(WORDS, DIM)).astype("float32")
en = (np.tanh(base) @ rot + 0.05 * np.random.randn(WORDS, DIM)).astype("float32")
# de /= np.linalg.norm(de, axis=1, keepdims=True)

n = 1200
de_train, en_train, de_test, en_test = de[:n], en[:n], de[n:], en[n:]


def cosine_loss(y_true, y_pred):
    # 1 - cos, so 0 when they point the same way
    return 1.0 + keras.losses.cosine_similarity(y_true, y_pred)


inp = Input((DIM,))
x = Dense(128, activation="relu")(inp)
# x = keras.layers.BatchNormalization()(x)
out = Dense(DIM)(x)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=cosine_loss)
model.fit(de_train, en_train, epochs=25, batch_size=32, verbose=2, validation_data=(de_test, en_test))

p = model.predict(de_test, verbose=0)
p = p / np.linalg.norm(p, axis=1, keepdims=True)
q = en_test / np.linalg.norm(en_test, axis=1, keepdims=True)
sim = p @ q.T
hits = (sim.argmax(1) == np.arange(len(q))).mean()
print("example sims", sim[0, :5])
print("precision@1 on test words:", hits)
