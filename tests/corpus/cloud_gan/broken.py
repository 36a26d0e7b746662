# GAN on a 2-d cloud first, cifar later
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Input, LeakyReLU
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam

keras.utils.set_random_seed(0)

NOISE = 4
BATCH = 64
STEPS = 600
CENTER = np.array([1.5, -1.0])


def real_samples(n):
    a = np.random.randn(n, 2) @ np.array([[0.5, 0.2], [0.0, 0.3]])
    return (a + CENTER).astype('float32')


def make_noise(n):
    return np.random.uniform(-1, 1, size=(n, NOISE)).astype('float32')


def generator_model():
    g = Sequential(name='generator')
    g.add(Input((NOISE,)))
    g.add(Dense(24))
    g.add(LeakyReLU(negative_slope=0.2))
    g.add(Dense(2))
    return g


def discriminator_model():
    d = Sequential(name='discriminator')
    d.add(Input((2,)))
    d.add(Dense(32))
    d.add(LeakyReLU(negative_slope=0.2))
    d.add(Dense(32))
    d.add(LeakyReLU(negative_slope=0.2))
    d.add(Dense(1, activation='sigmoid'))
    return d


def make_trainable(net, val):
    net.trainable = val
    for l in net.layers:
        l.trainable = val


generator = generator_model()
discriminator = discriminator_model()
discriminator.compile(loss='binary_crossentropy', optimizer=Adam(2e-3, beta_1=0.5), metrics=['accuracy'])

make_trainable(discriminator, False)  # expect: update-missing
gan_in = Input((NOISE,))
gan = Model(gan_in, discriminator(generator(gan_in)), name='gan')
gan.compile(loss='binary_crossentropy', optimizer=Adam(1e-3, beta_1=0.5))

ones, zeros = np.ones((BATCH, 1), 'float32'), np.zeros((BATCH, 1), 'float32')
for step in range(1, STEPS + 1):
    x = np.concatenate([real_samples(BATCH), generator.predict_on_batch(make_noise(BATCH))])
    d_loss, d_acc = discriminator.train_on_batch(x, np.concatenate([ones, zeros]))  # expect-or: update-missing
    g_loss = gan.train_on_batch(make_noise(BATCH), ones)
    if step % 75 == 0:
        fake = generator.predict_on_batch(make_noise(500))
        print('step %4d  d_loss %.4f  d_acc %.3f  g_loss %.4f  fake mean (%+.2f, %+.2f)' % (
            step, float(np.squeeze(d_loss)), float(d_acc), float(np.squeeze(g_loss)), *fake.mean(axis=0)))

fake, real = generator.predict_on_batch(make_noise(2000)), real_samples(2000)
print('real mean', np.round(real.mean(0), 2), 'std', np.round(real.std(0), 2))
print('fake mean', np.round(fake.mean(0), 2), 'std', np.round(fake.std(0), 2))
print('distance between the means: %.3f' % np.linalg.norm(real.mean(0) - fake.mean(0)))
