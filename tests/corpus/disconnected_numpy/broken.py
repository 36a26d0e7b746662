import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(33)
X, y = load_digits(return_X_y=True)
X = X.astype("float32") / 16.0
idx = np.random.permutation(len(X))
train, test = idx[:1400], idx[1400:]

encoder = tf.keras.layers.Dense(10, activation="relu")
classifier = tf.keras.layers.Dense(10)
encoder.build((None, 64))
classifier.build((None, 10))
variables = encoder.trainable_variables + classifier.trainable_variables
optimizer = tf.keras.optimizers.Adam(0.02)


def features(x):
    h = encoder(x).numpy()  # expect-or: gradient-disconnected
    # keep the four strongest features of each digit
    cut = np.sort(h, axis=1)[:, -4:-3]
    return np.where(h >= cut, h, 0.0)  # expect-or: gradient-disconnected


def run(x):
    scores = classifier(features(x))
    return scores - tf.stop_gradient(tf.reduce_max(scores, axis=1, keepdims=True))


for step in range(250):
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
