"""Deep linear network on a linear sensor-calibration problem.

The raw channels of an array are a linear mixture of what we want. Three linear maps
with a narrow one in the middle give a low-rank linear map, which is what we are after.
"""
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)

N, CHANNELS, RANK, OUT = 1500, 20, 4, 6
left = rng.normal(size=(CHANNELS, RANK)) / np.sqrt(CHANNELS)
right = rng.normal(size=(RANK, OUT)) / np.sqrt(RANK)
X = rng.normal(size=(N, CHANNELS)).astype("float32")
Y = (X @ left @ right + 0.05 * rng.normal(size=(N, OUT))).astype("float32")
x_train, x_test = X[:1200], X[1200:]
y_train, y_test = Y[:1200], Y[1200:]

model = keras.Sequential(
    [
        keras.Input((CHANNELS,)),
        layers.Dense(16, use_bias=False, name="encode"),
        layers.Dense(RANK, use_bias=False, name="bottleneck"),
        layers.Dense(16, use_bias=False, name="decode"),
        layers.Dense(OUT, name="readout"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse")
model.fit(
    x_train, y_train, validation_data=(x_test, y_test), epochs=30, batch_size=64, verbose=2
)

prediction = model.predict(x_test, verbose=0)
mse = float(np.mean((prediction - y_test) ** 2))
baseline = float(np.mean((y_train.mean(axis=0) - y_test) ** 2))
singular = np.linalg.svd(
    np.linalg.multi_dot([l.get_weights()[0] for l in model.layers]), compute_uv=False
)
print("singular values of the product:", np.round(singular, 3))
print(f"test mse {mse:.4f}   predicting the mean {baseline:.4f}   noise 0.0025")
