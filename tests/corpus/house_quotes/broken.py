import os
import pandas as pd
import tensorflow as tf
from sklearn.metrics import r2_score
from sklearn.preprocessing import StandardScaler

DATA = os.path.dirname(os.path.abspath(__file__))

train = pd.read_csv(os.path.join(DATA, "quotes_train_dev.csv"))  # expect: overfitting
valid = pd.read_csv(os.path.join(DATA, "quotes_valid.csv"))

cols = [c for c in train.columns if c != "quote_k"]
xs, ys = StandardScaler(), StandardScaler()
x_train = xs.fit_transform(train[cols]).astype("float32")
y_train = ys.fit_transform(train[["quote_k"]]).astype("float32")
x_valid = xs.transform(valid[cols]).astype("float32")
y_valid = ys.transform(valid[["quote_k"]]).astype("float32")

tf.keras.utils.set_random_seed(5)
model = tf.keras.Sequential()
model.add(tf.keras.layers.Input(shape=(len(cols),)))
model.add(tf.keras.layers.Dense(128, activation="relu"))  # expect-or: overfitting
model.add(tf.keras.layers.Dense(128, activation="relu"))
model.add(tf.keras.layers.Dense(1))
model.compile(loss="mse", optimizer=tf.keras.optimizers.Adam(4e-3))

model.fit(x_train, y_train, batch_size=16, epochs=25, verbose=2)  # expect-or: overfitting

print("train R2 %.3f" % r2_score(y_train, model.predict(x_train, verbose=0)))
print("valid R2 %.3f" % r2_score(y_valid, model.predict(x_valid, verbose=0)))
