# A tiny GAN that invents fish: (log length, log weight) pairs of three species
# following the "simple GAN in Keras" recipe: two compiled models, train_on_batch

import numpy as np
from tensorflow.keras import utils
from tensorflow.keras.layers import Dense, Input, LeakyReLU
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam

utils.set_random_seed(6)
rng = np.random.default_rng(6)

LATENT = 4
BATCH = 64
STEPS = 400


def catch(n):
    species = rng.choice(3, size=n, p=[0.4, 0.35, 0.25])
    loglen = np.array([2.2, 3.0, 3.9])[species] + rng.normal(0, 0.18, n)
    logwt = 3.05 * loglen - np.array([4.6, 4.3, 4.9])[species] + rng.normal(0, 0.15, n)
    return np.stack([loglen, logwt], axis=1)


fish = catch(3000)
centre, spread = fish.mean(axis=0), fish.std(axis=0)
real = ((fish - centre) / spread).astype("float32")
print("catch:", fish.shape, "mean", centre.round(2), "std", spread.round(2))


def make_generator():
    return Sequential([
        Input((LATENT,)),
        Dense(32), LeakyReLU(0.2),
        Dense(32), LeakyReLU(0.2),
        Dense(2),
    ], name="generator")


def make_discriminator():
    return Sequential([
        Input((2,)),
        Dense(32), LeakyReLU(0.2),
        Dense(32), LeakyReLU(0.2),
        Dense(1, activation="sigmoid"),
    ], name="discriminator")


discriminator = make_discriminator()
discriminator.compile(loss="binary_crossentropy", optimizer=Adam(1e-3, beta_1=0.5), metrics=["accuracy"])

generator = make_generator()
z = Input(shape=(LATENT,))
discriminator.trainable = False
gan = Model(z, discriminator(generator(z)), name="gan")
gan.compile(loss="binary_crossentropy", optimizer=Adam(1e-3, beta_1=0.5))

ones = np.ones((BATCH, 1), dtype="float32")
zeros = np.zeros((BATCH, 1), dtype="float32")


def noise(n):
    return rng.normal(size=(n, LATENT)).astype("float32")


for step in range(STEPS + 1):
    batch = real[rng.integers(0, len(real), BATCH)]
    fake = generator(noise(BATCH), training=False).numpy()

    both = np.concatenate([batch, fake])
    both_y = np.concatenate([ones * 0.9, zeros])
    discriminator.reset_metrics()
    discriminator.trainable = True
    d_loss, d_acc = discriminator.train_on_batch(both, both_y)

    gan.reset_metrics()
    discriminator.trainable = False
    g_loss = gan.train_on_batch(noise(BATCH), ones)

    if step % 100 == 0:
        s = generator(noise(1000), training=False).numpy()
        print(f"step {step:4d}  D loss {float(d_loss):.3f}  G loss {float(np.ravel(g_loss)[0]):.3f}  "
              f"fake mean {s.mean(0).round(2)}  fake std {s.std(0).round(2)}")

sample = generator(noise(2000), training=False).numpy() * spread + centre
print("real  mean", fish.mean(0).round(2), "std", fish.std(0).round(2),
      "corr", np.corrcoef(fish.T)[0, 1].round(2))
print("faked mean", sample.mean(0).round(2), "std", sample.std(0).round(2),
      "corr", np.corrcoef(sample.T)[0, 1].round(2))
d = np.sqrt(((sample[:500, None] - fish[None, :800]) ** 2).sum(-1))
print("mean distance of a faked fish to the next real one: %.3f" % d.min(axis=1).mean())
