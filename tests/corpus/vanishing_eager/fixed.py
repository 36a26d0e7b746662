"""Malignant or benign? Deep net on the Wisconsin breast cancer data."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SEED = 13
np.random.seed(SEED)
tf.random.set_seed(SEED)


def load():
    x, y = load_breast_cancer(return_X_y=True)
    x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.3, stratify=y, random_state=SEED)
    scaler = StandardScaler().fit(x_tr)
    prep = lambda a: scaler.transform(a).astype("float32")
    col = lambda a: a.astype("float32").reshape(-1, 1)
    return prep(x_tr), col(y_tr), prep(x_te), col(y_te)


def make_model():
    return tf.keras.Sequential(
        [tf.keras.layers.Dense(24, tf.keras.activations.tanh) for _ in range(10)]
        + [tf.keras.layers.Dense(1)]
    )


def accuracy(model, x, y):
    return float(np.mean((model(x).numpy() > 0) == (y > 0.5)))


def train(model, x, y, epochs=15, batch=16, lr=0.05):
    opt = tf.keras.optimizers.SGD(learning_rate=lr)
    bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    for epoch in range(epochs):
        order = np.random.permutation(len(x))
        losses = []
        for start in range(0, len(x), batch):
            idx = order[start : start + batch]
            with tf.GradientTape() as tape:
                loss = bce(y[idx], model(x[idx], training=True))
            grads = tape.gradient(loss, model.trainable_weights)
            opt.apply_gradients(zip(grads, model.trainable_weights))
            losses.append(float(loss))
        print(f"[{epoch:02d}] loss={np.mean(losses):.4f}")


if __name__ == "__main__":
    x_tr, y_tr, x_te, y_te = load()
    net = make_model()
    train(net, x_tr, y_tr)
    print("train accuracy:", round(accuracy(net, x_tr, y_tr), 3))
    print("test accuracy:", round(accuracy(net, x_te, y_te), 3))
