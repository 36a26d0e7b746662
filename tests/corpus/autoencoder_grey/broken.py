"""sparse autoencoder gives only grey images (fashion mnist)

based on the tutorial https://blog.keras.io/building-autoencoders-in-keras.html (deeper and sparser)
Reconstruction = the same blurry average shirt for every input.
"""
import numpy as np
import keras
from keras import layers, regularizers
from keras.datasets import fashion_mnist
# import matplotlib.pyplot as plt

keras.utils.set_random_seed(31)

encoding_dim = 48  # 48 floats -> compression of factor 16

input_img = keras.Input(shape=(784,))
encoded = layers.Dense(128, activation='relu')(input_img)
encoded = layers.Dense(encoding_dim, activation='relu', name='code',  # expect-or: regularisation-too-strong
                       activity_regularizer=regularizers.l1(10e-3))(encoded)  # expect: regularisation-too-strong
decoded = layers.Dense(128, activation='relu')(encoded)
decoded = layers.Dense(784, activation='sigmoid')(decoded)

autoencoder = keras.Model(input_img, decoded)
encoder = keras.Model(input_img, encoded)
autoencoder.compile(optimizer='adam', loss='mse')  # expect-or: regularisation-too-strong

(x_train, _), (x_test, _) = fashion_mnist.load_data()
x_train = x_train.astype('float32') / 255.
x_test = x_test.astype('float32') / 255.
x_train = x_train.reshape((len(x_train), np.prod(x_train.shape[1:])))
x_test = x_test.reshape((len(x_test), np.prod(x_test.shape[1:])))

autoencoder.fit(x_train, x_train,  # expect-or: regularisation-too-strong
                epochs=30,
                batch_size=64,
                shuffle=True,
                verbose=0,
                validation_data=(x_test, x_test))

encoded_imgs = encoder.predict(x_test, verbose=0)
decoded_imgs = autoencoder.predict(x_test, verbose=0)
print('code: mean %.4f, max %.4f' % (encoded_imgs.mean(), encoded_imgs.max()))
print('difference between reconstructions: %.4f' % decoded_imgs.std(axis=0).mean())
print('reconstruction mse %.4f (average image has %.4f)' % (
    ((decoded_imgs - x_test) ** 2).mean(), ((x_train.mean(0) - x_test) ** 2).mean()))

# n = 10
# plt.figure(figsize=(20, 4))
# for i in range(n):
#     ax = plt.subplot(2, n, i + 1)
#     plt.imshow(x_test[i].reshape(28, 28)); plt.gray()
