from __future__ import print_function, division

import sys
import numpy as np
from sklearn.datasets import load_digits

import keras
from keras.layers import Input, Dense, LeakyReLU, Dropout, BatchNormalization, Reshape, Flatten
from keras.models import Sequential, Model
from keras.optimizers import Adam

keras.utils.set_random_seed(5)


class GAN():
    def __init__(self):
        self.img_rows = 8
        self.img_cols = 8
        self.img_shape = (self.img_rows, self.img_cols)
        self.latent_dim = 20

        # Build and compile the discriminator
        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss='binary_crossentropy',
                                   optimizer=Adam(0.001, 0.5),
                                   metrics=['accuracy'])

        # Build the generator
        self.generator = self.build_generator()

        # The generator takes noise as input and generates imgs
        z = Input(shape=(self.latent_dim,))
        img = self.generator(z)

        # For the combined model we will only train the generator
        self.discriminator.trainable = False

        # The combined model (stacked generator and discriminator)
        validity = self.discriminator(img)
        self.combined = Model(z, validity)
        self.combined.compile(loss='binary_crossentropy', optimizer=Adam(0.001, 0.5))

    def build_generator(self):
        model = Sequential()
        model.add(Input((self.latent_dim,)))
        model.add(Dense(64))
        model.add(LeakyReLU(0.2))
        model.add(BatchNormalization(momentum=0.8))
        model.add(Dense(128))
        model.add(LeakyReLU(0.2))
        model.add(BatchNormalization(momentum=0.8))
        model.add(Dense(64, activation='tanh'))
        model.add(Reshape(self.img_shape))
        return model

    def build_discriminator(self):
        model = Sequential()
        model.add(Input(self.img_shape))
        model.add(Flatten())
        model.add(Dense(128))
        model.add(LeakyReLU(0.2))
        model.add(Dropout(0.2))
        model.add(Dense(64))
        model.add(LeakyReLU(0.2))
        model.add(Dense(1, activation='sigmoid'))
        return model

    def train(self, epochs, batch_size=64, sample_interval=100):
        X_train = load_digits().images.astype('float32')
        X_train = X_train / 8.0 - 1.0

        # Adversarial ground truths
        valid = np.ones((batch_size, 1), 'float32')
        fake = np.zeros((batch_size, 1), 'float32')

        for epoch in range(epochs):
            #  Train discriminator
            idx = np.random.randint(0, X_train.shape[0], batch_size)
            imgs = X_train[idx]
            noise = np.random.normal(0, 1, (batch_size, self.latent_dim)).astype('float32')
            gen_imgs = np.array(self.generator(noise, training=False))

            self.discriminator.trainable = True
            d_loss_real = self.discriminator.train_on_batch(imgs, valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)

            #  Train generator
            noise = np.random.normal(0, 1, (batch_size, self.latent_dim)).astype('float32')
            self.discriminator.trainable = False
            g_loss = self.combined.train_on_batch(noise, valid)

            if epoch % sample_interval == 0 or epoch == epochs - 1:
                print("%d [D loss: %f, acc.: %.2f%%] [G loss: %f]"
                      % (epoch, d_loss_fake[0], 100 * d_loss_fake[1], g_loss))
        return X_train

    def report(self, X):
        noise = np.random.normal(0, 1, (300, self.latent_dim)).astype('float32')
        made = np.array(self.generator(noise, training=False))
        print("mean picture, real against generated: %.3f" % np.abs(X.mean(0) - made.mean(0)).mean())
        near = ((made.reshape(-1, 1, 64) - X.reshape(1, -1, 64)[:, ::3]) ** 2).mean(-1).min(1)
        print("mean squared distance to the nearest real digit: %.3f" % near.mean())
        for row in made[0]:
            print(''.join(' .:*#'[int(2 * (v + 1))] for v in row))


if __name__ == '__main__':
    gan = GAN()
    digits = gan.train(epochs=700)
    gan.report(digits)
