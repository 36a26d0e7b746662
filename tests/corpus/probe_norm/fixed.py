import keras, numpy as np
from keras import layers
rng = np.random.default_rng(17)
n = 2500
alt = rng.uniform(200, 4200, n); hum = rng.uniform(5, 95, n); wind = rng.gamma(2, 4, n); year = rng.integers(1990, 2024, n)
risk = 1/(1+np.exp(-(hum-50)/12 + (alt-2000)/900 - (wind-8)/4))
y = (rng.random(n) < np.clip(risk*1.1-.05, 0, 1)).astype('float32')
X = np.stack([alt, hum, wind, year], 1).astype('float32')
keras.utils.set_random_seed(17)
scale = layers.Normalization(axis=-1)
scale.adapt(X[:2000])
inp = keras.Input(shape=(4,), name='weather')
h = scale(inp)
h = layers.Dense(32, activation='tanh')(h)
h = layers.Dense(16, activation='tanh')(h)
out = layers.Dense(1, activation='sigmoid')(h)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X[:2000], y[:2000], epochs=20, batch_size=32, validation_data=(X[2000:], y[2000:]), verbose=2)
