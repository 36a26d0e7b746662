import keras
import numpy as np

from builder import NetworkBuilder


class InteractionTask:
    """Click label depends on sign interactions between user and item traits."""

    def __init__(self, n_train=2500, n_test=700, seed=5):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(n_train + n_test, 6)).astype("float32")
        score = 1.4 * x[:, 0] * x[:, 1] - x[:, 2] * x[:, 3] + 0.2 * x[:, 4]
        y = (score + rng.normal(0, 0.2, len(x)) > 0).astype("float32")[:, None]
        self.train = (x[:n_train], y[:n_train])
        self.test = (x[n_train:], y[n_train:])


class Experiment:
    def __init__(self, spec_path, task):
        self.model = NetworkBuilder(spec_path).build()  # expect-or: no-nonlinearity
        self.task = task

    def run(self, epochs=15):
        self.model.summary()
        self.model.fit(*self.task.train, validation_split=0.1, epochs=epochs,
                       batch_size=64, verbose=2)
        return self.model.evaluate(*self.task.test, verbose=0, return_dict=True)


def main():
    keras.utils.set_random_seed(12)
    result = Experiment("net_small.json", InteractionTask()).run()  # expect: no-nonlinearity
    print("held-out: " + "  ".join(f"{k}={v:.4f}" for k, v in result.items()))


if __name__ == "__main__":
    main()
