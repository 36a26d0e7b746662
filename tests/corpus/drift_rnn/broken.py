# RNN regression, nan after a few batches, sometimes a loss like 1e9. Data is scaled!
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import mean_squared_error, r2_score
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, SimpleRNN, Dense, Input
from tensorflow.keras.callbacks import History

tf.keras.utils.set_random_seed(13)
r = np.random.RandomState(13)

# 1200 load curves with 60 ticks and 2 channels -> wear at the end
T = 60
u = r.randn(1200, T, 2).astype("float32")
w = np.zeros(len(u))
for t in range(T):
    w = 0.95 * w + u[:, t, 0] + 0.6 * np.abs(u[:, t, 1])
y = StandardScaler().fit_transform(w.reshape(-1, 1)).astype("float32")
print(u.shape, y.shape, y.min(), y.max())
u_train, u_test, y_train, y_test = u[:900], u[900:], y[:900], y[900:]

history = History()
model = Sequential()
model.add(Input(shape=(T, 2)))
model.add(SimpleRNN(32, activation="relu", recurrent_initializer="identity"))  # expect-or: exploding-gradient
# model.add(LSTM(32))
model.add(Dense(1))
opt = tf.keras.optimizers.SGD(learning_rate=0.01,  # expect-or: lr-too-high
                              momentum=0.9)  # expect: exploding-gradient
model.compile(loss="mse", optimizer=opt)
model.fit(u_train, y_train, epochs=15, batch_size=32, validation_data=(u_test, y_test), callbacks=[history], verbose=2)

p = model.predict(u_test, verbose=0)
print(pd.DataFrame({"true": y_test[:5, 0], "pred": p[:5, 0]}))
mse = float(np.mean((p - y_test) ** 2))
print("test mse", mse, "variance of y", y_test.var())
