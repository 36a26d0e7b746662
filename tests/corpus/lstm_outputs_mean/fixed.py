# LSTM predicts a flat line (the mean of the series). Loss stays at 1.
# I wrote the loop on my own because my professor does not allow fit()
import math
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import LSTM, Dense
from collections import deque

tf.keras.utils.set_random_seed(99)

# --- series: two seasons + noise, like my energy data
t = np.arange(1600)
series = np.sin(2*np.pi*t/24) + 0.5*np.sin(2*np.pi*t/168) + 0.05*np.random.randn(len(t))
series = (series - series.mean())/series.std()

LOOK_BACK = 24
def create_dataset(s, look_back=LOOK_BACK):
    dataX, dataY = [], []
    for i in range(len(s) - look_back):
        dataX.append(s[i:i+look_back])
        dataY.append(s[i+look_back])
    return np.array(dataX, np.float32)[..., None], np.array(dataY, np.float32)

trX, trY = create_dataset(series[:1200])
teX, teY = create_dataset(series[1200:])
print(trX.shape, trY.shape, teX.shape, teY.shape)

model = tf.keras.Sequential([LSTM(20), Dense(1)])
optimizer = tf.keras.optimizers.Adam(0.005)

@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        out = model(xb, training=True)
        err = out[:, 0] - yb
        loss = tf.reduce_mean(tf.square(err))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss

last = deque(maxlen=50)
batches = tf.data.Dataset.from_tensor_slices((trX, trY)).shuffle(1200, seed=1).batch(64).repeat(20)
for n, (xb, yb) in enumerate(batches):
    last.append(float(step(xb, yb)))
    if n % 75 == 0:
        print('it', n, 'loss', round(sum(last)/len(last), 4))

p = model.predict(teX, verbose=0).ravel()
rmse = math.sqrt(np.mean((p - teY)**2))
print('test rmse %.3f   std of predictions %.3f   std of truth %.3f' % (rmse, p.std(), teY.std()))
