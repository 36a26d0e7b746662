"""Crowd answers: a third of them is wrong, whoever you ask. The ceiling is 0.65."""
import keras
import numpy as np
from keras import layers

RIGHT = 0.65


def crowd(n, rng):
    x = rng.normal(size=(n, 10)).astype("float32")
    truth = (x[:, 0] + 0.8 * x[:, 1] - 0.6 * x[:, 2] > 0).astype(int)
    wrong = rng.random(n) > RIGHT
    return x, np.where(wrong, 1 - truth, truth).astype("float32"), truth


def main():
    keras.utils.set_random_seed(55)
    rng = np.random.default_rng(55)
    x, answers, _ = crowd(8000, rng)
    x_val, a_val, _ = crowd(2000, rng)
    x_test, a_test, truth = crowd(4000, rng)

    model = keras.Sequential(name="crowd")
    model.add(keras.Input((10,)))
    model.add(layers.Dense(16, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(
        loss=keras.losses.BinaryCrossentropy(),
        optimizer=keras.optimizers.RMSprop(1e-3),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
    )
    log = model.fit(x, answers, validation_data=(x_val, a_val), batch_size=64, epochs=12, verbose=0)
    for epoch in range(12):
        print("epoch %2d" % (epoch + 1), *(f"{k} {v[epoch]:.4f}" for k, v in log.history.items()))

    guess = model.predict(x_test, verbose=0)[:, 0] > 0.5
    print(f"agrees with the crowd {np.mean(guess == a_test):.3f} (ceiling {RIGHT}, larger answer "
          f"{max(a_test.mean(), 1 - a_test.mean()):.3f}); with the truth {np.mean(guess == truth):.3f}")


if __name__ == "__main__":
    main()
