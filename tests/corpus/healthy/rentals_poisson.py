# hourly bike rentals: count model, compared with the constant rate
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(2)
rs = np.random.RandomState(2)

n = 2000
tab = pd.DataFrame({
    "hour": rs.randint(0, 24, n),
    "temp": rs.normal(14, 8, n),
    "rain": (rs.rand(n) < 0.2).astype(float),
    "weekend": (rs.rand(n) < 2 / 7).astype(float),
})
rate = np.exp(2.2 + 0.9 * np.sin((tab.hour - 9) / 24 * 2 * np.pi) + 0.03 * tab.temp
              - 0.8 * tab.rain + 0.2 * tab.weekend)
tab["rentals"] = rs.poisson(rate)
print(tab.describe().round(2))

feats = np.column_stack([
    np.sin(tab.hour / 24 * 2 * np.pi), np.cos(tab.hour / 24 * 2 * np.pi),
    (tab.temp - 14) / 8, tab.rain, tab.weekend,
]).astype("float32")
target = tab.rentals.values.astype("float32").reshape(-1, 1)

x_tr, x_te = feats[:1600], feats[1600:]
y_tr, y_te = target[:1600], target[1600:]

start = np.log(y_tr.mean())
model = keras.Sequential([
    keras.Input((5,)),
    keras.layers.Dense(16, activation="tanh"),
    keras.layers.Dense(1, activation="exponential", kernel_initializer="zeros",
                       bias_initializer=keras.initializers.Constant(start)),
])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="poisson",
              metrics=[keras.metrics.MeanAbsoluteError(name="mae")])
model.fit(x_tr, y_tr, epochs=12, batch_size=64, validation_data=(x_te, y_te), verbose=2)

mu = model.predict(x_te, verbose=0)
print("MAE model %.2f   MAE constant rate %.2f" % (
    np.abs(mu - y_te).mean(), np.abs(y_tr.mean() - y_te).mean()))
print("mean predicted %.2f, mean observed %.2f" % (mu.mean(), y_te.mean()))
