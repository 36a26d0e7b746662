import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

SOURCE = "listings.csv"
NEXT_MONTH = "listings_next_month.csv"
FEATURES = ["area", "rooms", "floor", "age", "lat", "lon", "furnished", "parking",
            "lift", "balcony", "deposit", "days_online", "energy"]


def load(path):
    frame = pd.read_csv(path)
    frame = frame[(frame.rent > 300) & (frame.area > 10)]
    return frame[FEATURES].to_numpy("float32"), np.log(frame["rent"].to_numpy("float32"))


def make_model(norm):
    inputs = tf.keras.Input(shape=(len(FEATURES),))
    z = norm(inputs)
    for width in (256, 128):
        z = tf.keras.layers.Dense(width, activation="elu")(z)
    out = tf.keras.layers.Dense(1)(z)
    m = tf.keras.Model(inputs, out)
    m.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss="mse")
    return m


def main():
    tf.keras.utils.set_random_seed(31)
    X, y = load(SOURCE)
    mean, spread = y.mean(), y.std()
    t = (y - mean) / spread
    X_fit, X_val, t_fit, t_val = train_test_split(X, t, test_size=0.2, random_state=31)
    print("fit rows:", len(X_fit), "validation rows:", len(X_val))

    norm = tf.keras.layers.Normalization()
    norm.adapt(X_fit)
    model = make_model(norm)
    stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=12,
                                            restore_best_weights=True)
    history = model.fit(X_fit, t_fit, validation_data=(X_val, t_val),
                        epochs=90, batch_size=32, verbose=0, callbacks=[stop])
    losses = history.history
    print("epochs run:", len(losses["loss"]))
    print("loss %.4f   val_loss %.4f" % (losses["loss"][-1], min(losses["val_loss"])))

    def report(label, features, target):
        guess = model.predict(features, verbose=0)[:, 0]
        euro_true, euro = np.exp(target * spread + mean), np.exp(guess * spread + mean)
        print("%-11s R2 %.3f   MAE %.0f" % (
            label, r2_score(target, guess), mean_absolute_error(euro_true, euro)))

    report("fit", X_fit, t_fit)
    report("validation", X_val, t_val)
    X_new, y_new = load(NEXT_MONTH)
    report("next month", X_new, (y_new - mean) / spread)


if __name__ == "__main__":
    main()
