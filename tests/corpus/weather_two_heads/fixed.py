# One network, two answers: will it rain (yes/no) and how strong will the gusts be (m/s / 10)
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import Dense, Input, LeakyReLU

tf.keras.utils.set_random_seed(6)


def station_data(n):
    r = np.random.default_rng(6)
    pressure = r.normal(0, 1, n)
    humidity = r.normal(0, 1, n)
    gradient = r.normal(0, 1, n)
    direction = r.uniform(-np.pi, np.pi, n)
    feats = np.stack([pressure, humidity, gradient, np.sin(direction), np.cos(direction)], 1)
    rain = (humidity * np.cos(direction) - pressure * gradient + r.normal(0, 0.15, n)) > 0
    gust = 0.5 * np.abs(gradient) + 0.4 * pressure * np.sin(direction) + r.normal(0, 0.05, n)
    return feats.astype("float32"), rain.astype("float32"), gust.astype("float32")


def hidden(tensor, units):
    tensor = Dense(units, kernel_initializer="he_normal")(tensor)
    tensor = LeakyReLU(negative_slope=0.1)(tensor)
    return tensor


feats, rain, gust = station_data(3000)
split = 2400

station = Input((5,), name="station")
trunk = hidden(station, 64)
trunk = hidden(trunk, 64)
rain_head = Dense(1, activation="sigmoid", name="rain")(hidden(trunk, 32))
gust_head = Dense(1, name="gust")(hidden(trunk, 32))

net = Model(station, {"rain": rain_head, "gust": gust_head})
net.compile(
    optimizer=tf.keras.optimizers.Adam(2e-3),
    loss={"rain": "binary_crossentropy", "gust": "mse"},
    loss_weights={"rain": 1.0, "gust": 2.0},
    metrics={"rain": ["accuracy"], "gust": ["mae"]},
)
net.fit(
    feats[:split], {"rain": rain[:split], "gust": gust[:split]},
    validation_data=(feats[split:], {"rain": rain[split:], "gust": gust[split:]}),
    epochs=12, batch_size=48, verbose=0,
    callbacks=[tf.keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: e % 4 == 3 and print(
        "epoch", e + 1, {k: round(float(v), 3) for k, v in logs.items() if "val" in k or k == "loss"}))],
)

out = net.predict(feats[split:], verbose=0)
print("rain accuracy", np.mean((out["rain"][:, 0] > 0.5) == rain[split:]))
resid = out["gust"][:, 0] - gust[split:]
print("gust R2", 1 - resid.var() / gust[split:].var())
