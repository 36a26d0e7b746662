# keras regression, accuracy stays at 0.00 whatever I try
# (I want to predict the disease progression from the 10 columns)
import numpy as np, pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
import keras
from keras.layers import Dense, Input
from keras.models import Model
keras.utils.set_random_seed(42)

data = load_diabetes()
df = pd.DataFrame(data.data, columns=data.feature_names)
df["target"] = data.target

# target is 25...346, scale it otherwise loss is huge
tsc = StandardScaler()
xsc = StandardScaler()
train, val = train_test_split(df, test_size=.2, random_state=0)
xtr = xsc.fit_transform(train.drop("target", axis=1))
ytr = tsc.fit_transform(train[["target"]])
xva = xsc.transform(val.drop("target", axis=1))
yva = tsc.transform(val[["target"]])

inp = Input(shape=(10,))
h = Dense(12, activation="relu", kernel_regularizer="l2")(inp)
h = Dense(8, activation="relu")(h)
out = Dense(1)(h)
net = Model(inp, out)
net.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])

class Show(keras.callbacks.Callback):
    """only every 10th epoch, the console was too long"""
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 10 == 9:
            print(epoch + 1, {k: round(float(v), 3) for k, v in logs.items()})

net.fit(xtr, ytr, validation_data=(xva, yva), epochs=40, batch_size=16, verbose=0, callbacks=[Show()])
res = net.evaluate(xva, yva, verbose=0)
print("loss, metric on validation:", res)
