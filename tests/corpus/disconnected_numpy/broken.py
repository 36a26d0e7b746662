import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris

tf.keras.utils.set_random_seed(33)
X, y = load_iris(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
idx = np.random.permutation(150)
train, test = idx[:110], idx[110:]

encoder = tf.keras.layers.Dense(12, activation="relu")
classifier = tf.keras.layers.Dense(3)
encoder.build((None, 4))
classifier.build((None, 12))
variables = encoder.trainable_variables + classifier.trainable_variables
optimizer = tf.keras.optimizers.Adam(0.01)


def features(x):
    h = encoder(x).numpy()  # expect-or: gradient-disconnected
    # keep the three strongest features of each flower
    cut = np.sort(h, axis=1)[:, -3:-2]
    return np.where(h >= cut, h, 0.0)  # expect-or: gradient-disconnected


def run(x):
    scores = classifier(features(x))
    return scores - tf.stop_gradient(tf.reduce_max(scores, axis=1, keepdims=True))


for step in range(300):
    with tf.GradientTape() as tape:
        nll = tf.nn.sparse_softmax_cross_entropy_with_logits(y[train], run(X[train]))
        loss = tf.reduce_mean(nll)
    grads = tape.gradient(loss, variables)  # expect: gradient-disconnected
    optimizer.apply_gradients(
        (g, v) for g, v in zip(grads, variables) if g is not None
    )
    if step % 50 == 0:
        print(step, float(loss))
print("accuracy", np.mean(run(X[test]).numpy().argmax(1) == y[test]))
