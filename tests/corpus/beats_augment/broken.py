"""Beat classifier, first experiment on the small hospital set (few labelled beats, so we augment)."""
import numpy as np
from sklearn.model_selection import train_test_split
import keras

COPIES = 4
LENGTH = 40


def load_beats(n, rng):
    """Simulated beats: 0 = normal, 1 = widened. A tenth of the annotations is wrong."""
    t = np.linspace(-1, 1, LENGTH)
    kind = rng.integers(0, 2, n)
    width = np.where(kind == 1, 0.27, 0.14) * rng.uniform(0.85, 1.15, n)
    height = rng.uniform(0.6, 1.6, n)
    centre = rng.uniform(-0.2, 0.2, n)
    beats = height[:, None] * np.exp(-((t - centre[:, None]) / width[:, None]) ** 2)
    beats += 0.15 * rng.standard_normal((n, LENGTH))
    label = np.where(rng.random(n) < 0.1, 1 - kind, kind)
    return beats.astype("float32"), label


def augment(beats, label, rng):
    """A little gain and a little noise, COPIES times."""
    xs, ys = [beats], [label]
    for _ in range(COPIES):
        gain = rng.uniform(0.95, 1.05, (len(beats), 1))
        xs.append(gain * beats + 0.03 * rng.standard_normal(beats.shape))
        ys.append(label)
    return np.concatenate(xs).astype("float32"), np.concatenate(ys)


def make_net():
    return keras.Sequential([
        keras.layers.Input((LENGTH,)),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])


def main():
    rng = np.random.default_rng(12)
    keras.utils.set_random_seed(12)
    beats, label = load_beats(700, rng)
    later_beats, later_label = load_beats(600, rng)   # arrived from the ward afterwards

    beats, label = augment(beats, label, rng)  # expect-or: leakage
    x_tr, x_va, y_tr, y_va = train_test_split(beats, label, test_size=0.25, random_state=0)  # expect: leakage
    print("training", x_tr.shape, "validation", x_va.shape)

    net = make_net()
    net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
    net.fit(x_tr, y_tr, validation_data=(x_va, y_va), epochs=20, batch_size=32, callbacks=[stop], verbose=2)

    print("validation accuracy %.3f" % net.evaluate(x_va, y_va, verbose=0)[1])
    print("beats of the following week %.3f" % net.evaluate(later_beats, later_label, verbose=0)[1])


if __name__ == "__main__":
    main()
