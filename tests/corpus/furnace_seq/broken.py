import numpy as np
import keras
from keras import layers

SEED = 14
keras.utils.set_random_seed(SEED)


def furnace(n_runs, steps, rng):
    """Burner command and draught in, deviation from the set point (in units of 10 K) out."""
    command = np.repeat(rng.normal(size=(n_runs, steps // 8)), 8, axis=1)
    draught = rng.normal(scale=0.6, size=(n_runs, steps))
    temp = np.zeros((n_runs, steps))
    state = np.zeros(n_runs)
    for k in range(steps):
        state = 0.85 * state + 0.55 * command[:, k] - 0.35 * draught[:, k]
        temp[:, k] = state + 0.1 * rng.normal(size=n_runs)
    return np.stack([command, draught], axis=-1).astype("float32"), temp[..., None].astype("float32")


rng = np.random.default_rng(30)
inputs, target = furnace(1800, 40, rng)
fit_x, fit_y = inputs[:1300], target[:1300]
val_x, val_y = inputs[1300:1500], target[1300:1500]
new_x, new_y = inputs[1500:], target[1500:]

signal = keras.Input((40, 2))
h = layers.GRU(24, return_sequences=True)(signal)
h = layers.LayerNormalization()(h)
trace = layers.GRU(1, return_sequences=True)(h)  # expect: output-activation
model = keras.Model(signal, trace)

model.compile(loss="mse", optimizer=keras.optimizers.Adam(5e-3, clipnorm=1.0))
model.fit(fit_x, fit_y, batch_size=32, epochs=8, validation_data=(val_x, val_y), verbose=2)

error = np.mean((model.predict(new_x, verbose=0) - new_y) ** 2)
print(f"target variance {new_y.var():.2f}  mse {error:.3f}  R2 {1 - error / new_y.var():.3f}")
