# Autoencoder in two parts because later I need only the encoder for clustering.
# With fit() and one big Sequential the error was 10x smaller. What does my loop do different?
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler, MinMaxScaler

tf.keras.utils.set_random_seed(21)

# sensor data: 24 channels driven by 3 hidden factors, some of the channels are only noise
rng = np.random.RandomState(0)
Z = rng.uniform(-1, 1, (1500, 3))
A = rng.randn(3, 12); B = rng.randn(3, 12)
clean = np.tanh(Z @ A) + 0.5 * np.sin(Z @ B)
D = np.hstack([clean, 0.3 * rng.randn(1500, 12)]).astype('float32')
train, test = D[:1200], D[1200:]

latent = 3
encoder = tf.keras.Sequential(name='enc')
encoder.add(tf.keras.layers.Dense(48, activation='elu'))
encoder.add(tf.keras.layers.Dense(24, activation='elu'))
encoder.add(tf.keras.layers.Dense(latent))

decoder = tf.keras.Sequential([
    tf.keras.Input((latent,)),
    tf.keras.layers.Dense(24, activation='elu'),
    tf.keras.layers.Dense(48, activation='elu'),
    tf.keras.layers.Dense(24),
], name='dec')
decoder.summary()

opt = tf.keras.optimizers.Adam(learning_rate=0.004)
mse = tf.keras.losses.MeanSquaredError()
encoder.build((None, 24))
params = (encoder.trainable_variables
          + decoder.trainable_variables)

BATCH = 150
for ep in range(12):
    order = np.random.permutation(len(train))
    losses = []
    for s in range(0, len(train), BATCH):
        batch = tf.convert_to_tensor(train[order[s:s + BATCH]])
        with tf.GradientTape() as tape:
            code = encoder(batch, training=True)
            rec = decoder(code, training=True)
            loss = mse(batch, rec)
        grads = tape.gradient(loss, params)
        opt.apply_gradients(zip(grads, params))
        losses.append(float(loss))
    if ep % 3 == 0 or ep == 11:
        print('epoch', ep, 'loss', np.mean(losses))

rec = decoder(encoder(test)).numpy()
print('test mse, all channels  :', np.mean((rec - test) ** 2))
print('test R2, real channels  :', 1 - np.mean((rec[:, :12] - test[:, :12]) ** 2) / test[:, :12].var())
