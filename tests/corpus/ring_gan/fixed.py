"""Minimal GAN class (after the well known collection of Keras GANs), on points of the plane."""
import numpy as np
from keras import Model, Sequential
from keras.layers import Dense, Input, LeakyReLU
from keras.optimizers import Adam
from keras.utils import set_random_seed

set_random_seed(8)


def real_points(n):
    """A banana of points, both coordinates of about unit variance."""
    u = np.random.normal(size=(n, 2))
    return np.stack([u[:, 0], 0.7 * (u[:, 0] ** 2 - 1) + 0.3 * u[:, 1]], axis=1).astype("float32")


def distance(a, b):
    """Energy distance of two samples: 0 when they have the same distribution."""
    d = lambda p, q: np.mean(np.linalg.norm(p[:, None] - q[None], axis=-1))
    return 2 * d(a, b) - d(a, a) - d(b, b)


class GAN:
    def __init__(self):
        self.latent_dim = 4

        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss="binary_crossentropy", optimizer=Adam(1e-3, 0.5), metrics=["accuracy"])

        self.generator = self.build_generator()
        z = Input((self.latent_dim,))
        point = self.generator(z)

        # the combined model shall only train the generator
        self.discriminator.trainable = False
        valid = self.discriminator(point)
        self.combined = Model(z, valid)
        self.combined.compile(loss="binary_crossentropy", optimizer=Adam(5e-4, 0.5))

    def build_generator(self):
        return Sequential([
            Input((self.latent_dim,)),
            Dense(48), LeakyReLU(0.2),
            Dense(48), LeakyReLU(0.2),
            Dense(2),
        ])

    def build_discriminator(self):
        return Sequential([
            Input((2,)),
            Dense(48), LeakyReLU(0.2),
            Dense(48), LeakyReLU(0.2),
            Dense(1, activation="sigmoid"),
        ])

    def train(self, iterations, batch_size=64, sample_interval=100):
        y = np.concatenate([np.ones((batch_size, 1)), np.zeros((batch_size, 1))])
        valid = np.ones((batch_size, 1))
        for it in range(1, iterations + 1):
            self.discriminator.trainable = True
            noise = np.random.normal(size=(batch_size, self.latent_dim)).astype("float32")
            fake = np.asarray(self.generator(noise))
            d_loss, d_acc = self.discriminator.train_on_batch(
                np.concatenate([real_points(batch_size), fake]), y)
            self.discriminator.trainable = False

            noise = np.random.normal(size=(batch_size, self.latent_dim)).astype("float32")
            g_loss = self.combined.train_on_batch(noise, valid)
            if it % sample_interval == 0:
                print("%d [D loss: %.3f, acc.: %.2f] [G loss: %.3f] [distance: %.3f]"
                      % (it, d_loss, d_acc, g_loss, self.score()))

    def score(self, n=600):
        noise = np.random.normal(size=(n, self.latent_dim)).astype("float32")
        return distance(real_points(n), np.asarray(self.generator(noise)))


if __name__ == "__main__":
    gan = GAN()
    gan.train(800)
    print("energy distance to the real points: %.3f" % gan.score(1500))
