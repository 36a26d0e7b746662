import numpy as np
import tensorflow as tf
from tensorflow.keras import Model, Input, layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 21
np.random.seed(SEED)
tf.random.set_seed(SEED)
rng = np.random.RandomState(SEED)


def make_pairs(images, labels, n):
    """half of the pairs show the same digit, the other half two different ones"""
    left, right, same = [], [], []
    by_digit = [np.where(labels == d)[0] for d in range(10)]
    for k in range(n):
        i = rng.randint(len(images))
        d = labels[i]
        if k % 2 == 0:
            j = rng.choice(by_digit[d])
            same.append(1)
        else:
            other = (d + rng.randint(1, 10)) % 10
            j = rng.choice(by_digit[other])
            same.append(0)
        left.append(images[i])
        right.append(images[j])
    return np.array(left), np.array(right), np.array(same)


digits = load_digits()
images = digits.images.reshape(-1, 64).astype("float32") / 16.
print("images", images.shape)

left, right, same = make_pairs(images, digits.target, 8000)

X1_train, X1_test, X2_train, X2_test, y_train, y_test = train_test_split(
    left, right, same, test_size=0.5, random_state=SEED, stratify=same)
print(X1_train.shape, X2_train.shape, X1_test.shape, X2_test.shape, y_train.shape, y_test.shape)


def base_network():
    inp = Input((64,))
    h = layers.Dense(128, activation="relu")(inp)
    h = layers.Dense(32)(h)
    return Model(inp, h, name="embedding")


emb = base_network()
a = Input((64,), name="a")
b = Input((64,), name="b")
va, vb = emb(a), emb(b)
dist = layers.Lambda(lambda t: tf.abs(t[0] - t[1]), output_shape=(32,))([va, vb])
h = layers.Dense(16, activation="relu")(dist)
out = layers.Dense(1, activation="sigmoid")(h)

model = Model([a, b], out)
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit([X1_train, X2_train], y_train, epochs=12, batch_size=64, verbose=2)

loss, acc = model.evaluate([X1_test, X2_test], y_test, verbose=0)
print("test loss %.3f  accuracy %.3f" % (loss, acc))
