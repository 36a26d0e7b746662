from keras import layers, regularizers, Model, Input
from keras.datasets import fashion_mnist
from keras.utils import set_random_seed
import numpy as np

set_random_seed(123)

# this is the size of our encoded representations
encoding_dim = 48

(x_train, _), (x_test, _) = fashion_mnist.load_data()
x_train = x_train.astype('float32').reshape((len(x_train), -1)) / 255.
x_test = x_test.astype('float32').reshape((len(x_test), -1)) / 255.

input_img = Input(shape=(784,))
hidden = layers.Dense(160, activation='relu')(input_img)
encoded = layers.Dense(encoding_dim, activation='relu',  # expect-or: regularisation-too-strong
                       activity_regularizer=regularizers.l1(10e-2))(hidden)  # expect: regularisation-too-strong
hidden = layers.Dense(160, activation='relu')(encoded)
decoded = layers.Dense(784, activation='sigmoid')(hidden)

autoencoder = Model(input_img, decoded)
encoder = Model(input_img, encoded)

autoencoder.compile(optimizer='adam', loss='binary_crossentropy', metrics=['mse'])
h = autoencoder.fit(x_train, x_train,
                    epochs=25,
                    batch_size=64,
                    shuffle=True,
                    validation_data=(x_test, x_test),
                    verbose=0)
for ep in (0, 4, 9, 14, 19, 24):
    print(f"epoch {ep + 1}: loss {h.history['loss'][ep]:.4f} val_loss {h.history['val_loss'][ep]:.4f} "
          f"val_mse {h.history['val_mse'][ep]:.4f}")

# how do the pictures look?
decoded_imgs = autoencoder.predict(x_test, verbose=0)
codes = encoder.predict(x_test, verbose=0)
print('code: mean', codes.mean(), 'units in use', int((codes.max(axis=0) > 1e-3).sum()), 'of', encoding_dim)
print('how different are two reconstructions:', decoded_imgs.std(axis=0).mean(),
      'and two originals:', x_test.std(axis=0).mean())
mse = np.mean((decoded_imgs - x_test) ** 2)
print('reconstruction mse %.4f  (explained: %.2f)' % (mse, 1 - mse / x_test.var(axis=0).mean()))
