"""Federated averaging over five clinics that cannot share their (digit) scans."""
import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
import tensorflow as tf

CLINICS = 5
ROUNDS = 9
LOCAL_EPOCHS = 2
BATCH = 32
RATE = 0.5
SEED = 17


def clinics(x, y, rng):
    """Unequal shares: three digits of its own are over-represented at each clinic."""
    home = rng.integers(0, CLINICS, len(y))
    favoured = (y // 2) % CLINICS
    home = np.where(rng.random(len(y)) < 0.35, favoured, home)
    return [(x[home == c], y[home == c]) for c in range(CLINICS)]


def new_model():
    return keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(10),
    ])


criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class Client:
    def __init__(self, x, y, rng):
        self.x, self.y, self.rng = x, y, rng

    def __len__(self):
        return len(self.y)

    def improve(self, server, rate):
        """A few epochs of plain SGD on the data of this clinic; returns the new weights."""
        local = keras.models.clone_model(server)
        local.set_weights(server.get_weights())
        for _ in range(LOCAL_EPOCHS):
            order = self.rng.permutation(len(self))
            for start in range(0, len(order), BATCH):
                rows = order[start:start + BATCH]
                with tf.GradientTape() as tape:
                    loss = criterion(self.y[rows], local(self.x[rows]))
                for w, g in zip(local.trainable_variables,
                                tape.gradient(loss, local.trainable_variables)):
                    w.assign(w - rate * g)
        return local.get_weights()


def average(updates, sizes):
    share = np.asarray(sizes) / np.sum(sizes)
    return [sum(s * w for s, w in zip(share, layer)) for layer in zip(*updates)]


def check(model, x, y):
    scores = model(x)
    return float(criterion(y, scores)), float(np.mean(np.argmax(scores, axis=1) == y))


def main():
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    x, y = load_digits(return_X_y=True)
    x = (x / 16.0).astype("float32")
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=400, stratify=y, random_state=SEED)
    members = [Client(xc, yc, rng) for xc, yc in clinics(x_train, y_train, rng)]
    print("clinic sizes:", [len(m) for m in members])

    server = new_model()
    for turn in range(ROUNDS):
        rate = RATE * 0.75 ** turn
        updates = [m.improve(server, rate) for m in members]
        server.set_weights(average(updates, [len(m) for m in members]))
        loss, accuracy = check(server, x_test, y_test)
        print(f"round {turn + 1:2d}: test loss {loss:.3f}, test accuracy {accuracy:.3f}")
    print(f"final accuracy of the shared model: {accuracy:.3f}")


if __name__ == "__main__":
    main()
