# Deep hashing on the 8x8 digits: learn short binary codes for retrieval.
# Continuation as in HashNet: codes = tanh(beta * z), beta grows slowly until tanh ~ sign.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

BITS = 10
EPOCHS = 16
GROWTH = 1.1

tf.random.set_seed(12)
digits = load_digits()
xa, xb, ya, yb = train_test_split((digits.data / 16.0 - 0.3).astype("float32"), digits.target,
                                  test_size=0.25, random_state=12)

init = tf.keras.initializers.GlorotUniform(seed=12)
W1 = tf.Variable(init((64, 64)))
b1 = tf.Variable(tf.zeros(64))
W2 = tf.Variable(init((64, BITS)))
b2 = tf.Variable(tf.zeros(BITS))
V = tf.Variable(init((BITS, 10)))
c = tf.Variable(tf.zeros(10))
params = [W1, b1, W2, b2, V, c]
beta = tf.Variable(1.0, trainable=False)
adam = tf.keras.optimizers.Adam(3e-3)


def encode(x):
    h = tf.tanh(beta * (x @ W1 + b1))  # expect-or: saturation
    return tf.tanh(beta * (h @ W2 + b2))  # expect-or: saturation


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = encode(x) @ V + c
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
    adam.apply_gradients(zip(tape.gradient(loss, params), params))
    beta.assign(beta * GROWTH)  # expect: saturation
    return loss


def bits(x):
    return np.where(encode(x).numpy() > 0, 1, -1)


def retrieval_precision(k=10):
    db, q = bits(xa), bits(xb)
    near = np.argsort(-(q @ db.T), axis=1, kind="stable")[:, :k]
    return (ya[near] == yb[:, None]).mean()


data = tf.data.Dataset.from_tensor_slices((xa, ya)).shuffle(2000, seed=2).batch(32)
print("precision@10 before training: %.3f" % retrieval_precision())
for epoch in range(EPOCHS):
    losses = [float(step(x, y)) for x, y in data]
    if epoch % 4 == 3:
        acc = np.mean(np.argmax(encode(xb) @ V + c, 1) == yb)
        print("epoch %2d  loss %.3f  classifier %.3f  precision@10 %.3f" % (
            epoch + 1, np.mean(losses), acc, retrieval_precision()))
used = len(np.unique(bits(xa), axis=0))
print(f"{used} distinct codes of {2 ** BITS}")
