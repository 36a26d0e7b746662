"""Predict sale prices (dollars) of houses from a listing table.

The table is simulated here so that the script can be shared.
"""
import numpy as np
import pandas as pd
from keras import Sequential, layers, optimizers, callbacks, utils, Input
from sklearn.compose import ColumnTransformer
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

utils.set_random_seed(1)


def simulate_listings(n, seed=0):
    rng = np.random.default_rng(seed)
    area = rng.gamma(9, 200, n) + 400
    beds = np.clip(np.round(area / 650 + rng.normal(0, .7, n)), 1, 7)
    age = rng.integers(0, 90, n)
    lot = rng.lognormal(8.8, .4, n)
    hood = rng.choice(["old town", "harbour", "hills", "suburb", "station"], n, p=[.2, .1, .15, .35, .2])
    garage = rng.choice(["none", "single", "double"], n)
    worth = {"old town": .15, "harbour": .4, "hills": .25, "suburb": 0., "station": -.15}
    log_price = (7.0 + .62 * np.log(area) + .03 * beds - .006 * age + .00003 * (age - 45) ** 2
                 + .08 * np.log(lot) + pd.Series(hood).map(worth).to_numpy()
                 + pd.Series(garage).map({"none": 0, "single": .05, "double": .11}).to_numpy()
                 + rng.normal(0, .09, n))
    return pd.DataFrame(dict(area=area, beds=beds, age=age, lot=lot, hood=hood, garage=garage,
                             price=np.exp(log_price).round(-2)))


listings = simulate_listings(3000)
print(listings.describe().round(0))

rest, test = train_test_split(listings, test_size=.2, random_state=3)
train, valid = train_test_split(rest, test_size=.2, random_state=3)

prep = ColumnTransformer([
    ("num", StandardScaler(), ["area", "beds", "age", "lot"]),
    ("cat", OneHotEncoder(sparse_output=False), ["hood", "garage"]),
])
X_train = prep.fit_transform(train)
X_valid, X_test = prep.transform(valid), prep.transform(test)

# prices are skewed: learn the standardised log price
y_scaler = StandardScaler()
y_train = y_scaler.fit_transform(np.log(train[["price"]].to_numpy()))
y_valid = y_scaler.transform(np.log(valid[["price"]].to_numpy()))

net = Sequential([
    Input((X_train.shape[1],)),
    layers.Dense(48, activation="relu"),
    layers.Dense(24, activation="relu"),
    layers.Dense(1),
])
net.compile(optimizer=optimizers.Adam(1e-3), loss="mse", metrics=["mae"])
net.fit(X_train, y_train, validation_data=(X_valid, y_valid), epochs=60, batch_size=32, verbose=2,
        callbacks=[callbacks.EarlyStopping(patience=8, restore_best_weights=True)])

pred = np.exp(y_scaler.inverse_transform(net.predict(X_test, verbose=0))).ravel()
truth = test["price"].to_numpy()
print(f"median price           ${np.median(truth):,.0f}")
print(f"MAE (always the mean)  ${mean_absolute_error(truth, np.full_like(truth, train.price.mean())):,.0f}")
print(f"MAE (network)          ${mean_absolute_error(truth, pred):,.0f}")
print(f"R2                     {r2_score(truth, pred):.3f}")
