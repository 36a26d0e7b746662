"""Next-hour load forecast (GRU over the last 24 hours). Settings in forecast.ini"""
import configparser
from pathlib import Path

import numpy as np
import keras
from keras import layers, regularizers


def read_settings():
    cp = configparser.ConfigParser()
    cp.read(Path(__file__).with_name("forecast.ini"))
    return cp


def synthetic_load(hours, seed):
    rs = np.random.RandomState(seed)
    t = np.arange(hours)
    daily = 18 * np.sin(2 * np.pi * (t - 7) / 24) + 6 * np.sin(4 * np.pi * t / 24)
    weekly = np.where((t // 24) % 7 >= 5, -12.0, 0.0)
    noise = np.zeros(hours)
    for i in range(1, hours):
        noise[i] = 0.8 * noise[i - 1] + rs.normal(scale=1.5)
    return 120 + daily + weekly + noise


def windows(series, lookback):
    x = np.stack([series[i:i + lookback] for i in range(len(series) - lookback)])
    return x[..., None].astype("float32"), series[lookback:].astype("float32")[:, None]


def build(lookback, cfg):
    reg = cfg.getfloat("l2")  # expect: regularisation-too-strong
    model = keras.Sequential([
        layers.Input((lookback, 1)),
        layers.GRU(cfg.getint("units"),
                   kernel_regularizer=regularizers.L2(reg),  # expect-or: regularisation-too-strong
                   recurrent_regularizer=regularizers.L2(reg)),  # expect-or: regularisation-too-strong
        layers.Dense(16, activation="relu", kernel_regularizer=regularizers.L2(reg)),  # expect-or: regularisation-too-strong
        layers.Dense(1, kernel_regularizer=regularizers.L2(reg)),  # expect-or: regularisation-too-strong
    ])
    return model


def main():
    ini = read_settings()
    data, net, fit = ini["data"], ini["network"], ini["training"]
    keras.utils.set_random_seed(fit.getint("seed"))

    load = synthetic_load(data.getint("hours"), fit.getint("seed"))
    cut = int(0.8 * len(load))
    mean, std = load[:cut].mean(), load[:cut].std()
    scaled = (load - mean) / std
    lookback = data.getint("lookback")
    x_tr, y_tr = windows(scaled[:cut], lookback)
    x_te, y_te = windows(scaled[cut - lookback:], lookback)
    print("windows: train %d, test %d" % (len(x_tr), len(x_te)))

    model = build(lookback, net)
    model.compile(optimizer=keras.optimizers.Adam(fit.getfloat("lr")),
                  loss="mse", metrics=["mae"])
    model.fit(x_tr, y_tr, validation_data=(x_te, y_te), shuffle=True,
              epochs=fit.getint("epochs"), batch_size=fit.getint("batch"), verbose=2)

    pred = model.predict(x_te, verbose=0)
    mae = np.mean(np.abs(pred - y_te)) * std
    naive = np.mean(np.abs(x_te[:, -1] - y_te)) * std
    print("test MAE %.2f MW   (same as last hour: %.2f MW)" % (mae, naive))
    print("std of forecast %.2f MW, std of load %.2f MW" % (pred.std() * std, y_te.std() * std))


if __name__ == "__main__":
    main()
