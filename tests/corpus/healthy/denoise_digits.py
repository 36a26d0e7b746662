"""Denoising autoencoder: heavy noise on the inputs is the whole point."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow import keras

keras.utils.set_random_seed(15)
SIGMA = 0.4

clean = (load_digits().data / 16.0).astype("float32")
clean = clean[np.random.permutation(len(clean))]
clean_train, clean_val, clean_test = clean[:1200], clean[1200:1450], clean[1450:]

corrupt = lambda x: (x + tf.random.normal(tf.shape(x), stddev=SIGMA), x)          # new noise every epoch
train = tf.data.Dataset.from_tensor_slices(clean_train).shuffle(1200).batch(32).map(corrupt).prefetch(2)

fixed = np.random.default_rng(0)
noisy_val = clean_val + fixed.normal(0, SIGMA, clean_val.shape).astype("float32")
noisy_test = clean_test + fixed.normal(0, SIGMA, clean_test.shape).astype("float32")

EPOCHS = 40
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(96, activation="relu"),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dense(96, activation="relu"),
    keras.layers.Dense(64, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, 38 * EPOCHS)), loss="mse")
model.fit(train, validation_data=(noisy_val, clean_val), epochs=EPOCHS, verbose=2)


def psnr(a):
    return float(np.mean(10 * np.log10(1.0 / np.mean((a - clean_test) ** 2, axis=1))))


restored = model.predict(noisy_test, verbose=0)
print("PSNR of the noisy images          %.2f dB" % psnr(noisy_test))
print("PSNR of the noisy images, clipped %.2f dB" % psnr(noisy_test.clip(0, 1)))
print("PSNR of the mean image            %.2f dB" % psnr(clean_train.mean(0)))
print("PSNR restored                     %.2f dB" % psnr(restored))
