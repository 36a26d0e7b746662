import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

np.random.seed(2)
tf.random.set_seed(2)
X, y = load_digits(return_X_y=True)
X = X / X.max()
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=400, random_state=2)

# augmentation: five noisy copies of each training image
X_train = np.repeat(X_train, 5, axis=0)
y_train = np.repeat(y_train, 5)
X_train = X_train + np.random.normal(0.0, 0.05, X_train.shape)

X_train = X_train.astype(np.float32)
X_test = X_test.astype(np.float32)

n_hidden = 60
V = tf.Variable(tf.random.truncated_normal([64, n_hidden], stddev=0.05))
a = tf.Variable(tf.zeros([n_hidden]))
U = tf.Variable(tf.random.truncated_normal([n_hidden, 10], stddev=0.05))
c = tf.Variable(tf.zeros([10]))


def scores(inputs):
    return tf.nn.tanh(inputs @ V + a) @ U + c


train = tf.data.Dataset.from_tensor_slices((X_train, y_train))
train = train.shuffle(len(X_train)).repeat(6).batch(50)
for n, (bx, by) in enumerate(train):
    with tf.GradientTape(persistent=False) as tape:
        nll = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(by, scores(bx)))
    dV, da, dU, dc = tape.gradient(nll, [V, a, U, c])
    V.assign_sub(0.1 * dV)
    a.assign_sub(0.1 * da)
    U.assign_sub(0.1 * dU)
    c.assign_sub(0.1 * dc)
    if n % 150 == 0:
        hits = np.mean(np.argmax(scores(bx), 1) == by.numpy())
        print(f"batch {n}: nll={nll:.3f} train acc={hits:.2f}")

print("test accuracy:", np.mean(np.argmax(scores(X_test), axis=1) == y_test))
