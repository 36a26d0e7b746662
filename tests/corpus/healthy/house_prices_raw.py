# House prices straight from the land-registry columns: the scaling lives inside the model,
# so that the serving team can send raw rows and gets dollars back.
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(2024)


def registry(n, seed):
    r = np.random.default_rng(seed)
    df = pd.DataFrame({
        "living_sqft": r.gamma(6, 330, n).clip(400, 8000).round(),
        "lot_sqft": r.lognormal(8.9, 0.6, n).round(),
        "year_built": r.integers(1900, 2023, n),
        "lat": 47.2 + 0.6 * r.random(n),
        "long": -122.5 + 0.9 * r.random(n),
        "zipcode": r.integers(98001, 98041, n),
    })
    zip_level = np.random.default_rng(0).normal(0, 0.18, 40)[df.zipcode - 98001]
    log_price = (
        11.2 + 0.55 * np.log(df.living_sqft / 1000 + 0.3) + 0.08 * np.log(df.lot_sqft / 8000)
        + 0.5 * np.exp(-((df.lat - 47.6) ** 2 + (df.long + 122.2) ** 2) / 0.08)
        + 0.1 * np.abs((df.year_built - 1955) / 50) + zip_level + 1.2
    )
    df["price"] = np.exp(log_price + r.normal(0, 0.08, n)).round(-2)
    return df


train, valid, test = registry(12000, 1), registry(1500, 2), registry(1500, 3)
NUMERIC = ["living_sqft", "lot_sqft", "year_built", "lat", "long"]


def unpack(df):
    return {"numbers": df[NUMERIC].to_numpy("float32"), "zipcode": df[["zipcode"]].to_numpy("int32")}, \
        df.price.to_numpy("float32")


norm = tf.keras.layers.Normalization(name="standardise")
norm.adapt(unpack(train)[0]["numbers"])
lookup = tf.keras.layers.IntegerLookup(vocabulary=sorted(train.zipcode.unique().tolist()))

numbers = tf.keras.Input((len(NUMERIC),), name="numbers")
zipcode = tf.keras.Input((1,), dtype="int32", name="zipcode")
z = tf.keras.layers.Flatten()(tf.keras.layers.Embedding(41, 6)(lookup(zipcode)))
h = tf.keras.layers.Concatenate()([norm(numbers), z])
h = tf.keras.layers.Dense(64, activation="relu")(h)
h = tf.keras.layers.Dense(32, activation="relu")(h)
unit = tf.keras.layers.Dense(1)(h)
dollars = tf.keras.layers.Rescaling(scale=float(train.price.std()), offset=float(train.price.mean()))(unit)

model = tf.keras.Model({"numbers": numbers, "zipcode": zipcode}, dollars)
model.compile(
    optimizer=tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(3e-3, 20 * 94)),
    loss="mean_absolute_error",
    metrics=[tf.keras.metrics.MeanAbsolutePercentageError(name="mape")],
)
hist = model.fit(*unpack(train), validation_data=unpack(valid), epochs=20, batch_size=128, verbose=0).history
for e in range(0, 20, 2):
    print(f"epoch {e + 1:2d}: MAE ${hist['loss'][e]:>9,.0f}   val MAE ${hist['val_loss'][e]:>9,.0f}   val MAPE {hist['val_mape'][e]:5.2f}%")

x, price = unpack(test)
p = model.predict(x, verbose=0).ravel()
print(f"\ntest: MAE ${np.abs(p - price).mean():,.0f}, median ${np.median(price):,.0f}, "
      f"R2 {1 - np.mean((p - price) ** 2) / price.var():.3f}, MAPE {100 * np.mean(np.abs(p / price - 1)):.2f}%")
print(f"guessing the median: MAE ${np.abs(np.median(train.price) - price).mean():,.0f}")
print(f"irreducible MAPE of the simulated market: about {100 * 0.08 * np.sqrt(2 / np.pi):.1f}%")
