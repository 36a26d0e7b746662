"""Pool-based active learning: margin sampling, a fresh classifier in every round."""
import numpy as np
from sklearn.datasets import make_moons
from tensorflow import keras

keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)

pool_x, pool_y = make_moons(3000, noise=0.18, random_state=10)
test_x, test_y = make_moons(1000, noise=0.18, random_state=11)
pool_x, test_x = pool_x.astype("float32"), test_x.astype("float32")

labelled = list(rng.choice(len(pool_x), 250, replace=False))


def fresh_model():
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


for rnd in range(3):
    keras.backend.clear_session()
    model = fresh_model()
    hist = model.fit(pool_x[labelled], pool_y[labelled], epochs=30, batch_size=32, verbose=0)
    loss, acc = model.evaluate(test_x, test_y, verbose=0)
    print(f"round {rnd}: {len(labelled):4d} labels  train loss {hist.history['loss'][-1]:.3f}  test loss {loss:.3f}  test acc {acc:.3f}")
    rest = np.setdiff1d(np.arange(len(pool_x)), labelled)
    p = model.predict(pool_x[rest], batch_size=512, verbose=0)[:, 0]
    unsure = rest[np.argsort(np.abs(p - 0.5))[:50]]
    explore = rng.choice(np.setdiff1d(rest, unsure), 100, replace=False)
    labelled += list(unsure) + list(explore)
