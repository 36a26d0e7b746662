# Random kitchen sinks (Rahimi & Recht): the first layer is drawn once and never trained.
import keras
import numpy as np
from sklearn.model_selection import train_test_split

SEED = 21
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# two interleaved spirals
n = 1500
turn = np.sqrt(rng.uniform(0.05, 1, n)) * 3 * np.pi
label = rng.integers(0, 2, n)
x = np.stack([turn * np.cos(turn + np.pi * label), turn * np.sin(turn + np.pi * label)], 1)
x = x + rng.normal(0, 0.6, x.shape)
x = ((x - x.mean(0)) / x.std(0)).astype("float32")
x_tr, x_te, y_tr, y_te = train_test_split(x, label.astype("float32"), test_size=0.3,
                                          stratify=label, random_state=SEED)

FEATURES, BANDWIDTH = 400, 0.25


def uniform_phase(shape, dtype=None):
    return keras.random.uniform(shape, 0.0, 2 * np.pi, dtype=dtype)


features = keras.layers.Dense(
    FEATURES, activation=lambda z: keras.ops.cos(z),
    kernel_initializer=keras.initializers.RandomNormal(stddev=1 / BANDWIDTH, seed=SEED),
    bias_initializer=uniform_phase, trainable=False, name="random_cosines")
model = keras.Sequential([
    keras.Input((2,)),
    features,
    keras.layers.Dense(1, activation="sigmoid", kernel_regularizer=keras.regularizers.L2(1e-4)),
])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
before = features.get_weights()[0].copy()
model.fit(x_tr, y_tr, batch_size=64, epochs=25, validation_data=(x_te, y_te), verbose=2)
assert np.array_equal(before, features.get_weights()[0])      # still the draw of the start

print("trainable weights: %d" % sum(int(np.prod(w.shape)) for w in model.trainable_weights))
print("test accuracy on the spirals: %.4f" % model.evaluate(x_te, y_te, verbose=0)[1])
