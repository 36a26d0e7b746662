'''
A very small DCGAN with hinge losses that should write zeros, sixes and eights (8x8 pixels).
'''
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers as L
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

tf.keras.utils.set_random_seed(5)
Z, BS, STEPS = 24, 48, 600

bunch = load_digits()
real = bunch.images[np.isin(bunch.target, [0, 6, 8])].astype('float32')
real = real[..., None] / 8.0 - 1.0                       # -1 .. 1
data = iter(tf.data.Dataset.from_tensor_slices(real).shuffle(len(real)).repeat().batch(BS))

G = tf.keras.Sequential([
    tf.keras.Input((Z,)),
    L.Dense(4 * 4 * 24, use_bias=False), L.BatchNormalization(), L.ReLU(),
    L.Reshape((4, 4, 24)),
    L.Conv2DTranspose(16, 4, strides=2, padding='same', use_bias=False), L.BatchNormalization(), L.ReLU(),
    L.Conv2D(1, 3, padding='same', activation='tanh'),
], name='G')

D = tf.keras.Sequential([
    tf.keras.Input((8, 8, 1)),
    L.Conv2D(24, 3, strides=2, padding='same'), L.LeakyReLU(0.2),
    L.Conv2D(48, 3, strides=2, padding='same'), L.LeakyReLU(0.2),
    L.Flatten(), L.Dense(1),
], name='D')


def d_hinge(on_real, on_fake):
    return tf.reduce_mean(tf.nn.relu(1.0 - on_real)) + tf.reduce_mean(tf.nn.relu(1.0 + on_fake))


def g_hinge(on_fake):
    return -tf.reduce_mean(on_fake)


opt_g = tf.keras.optimizers.Adam(1e-3, beta_1=0.5)
opt_d = tf.keras.optimizers.Adam(1e-3, beta_1=0.5)


@tf.function
def train_d(x):
    fake = G(tf.random.normal((BS, Z)), training=True)
    with tf.GradientTape() as t:
        loss = d_hinge(D(x), D(fake))
    opt_d.apply_gradients(zip(t.gradient(loss, D.trainable_variables), D.trainable_variables))
    return loss


@tf.function
def train_g():
    with tf.GradientTape() as t:
        fake = G(tf.random.normal((BS, Z)), training=True)
        loss = g_hinge(D(fake))
    opt_g.apply_gradients(zip(t.gradient(loss, G.trainable_variables), G.trainable_variables))
    return loss


# distance of two sets of pictures: Frechet distance of diagonal Gaussians in PCA space
pca = PCA(12, random_state=0).fit(real.reshape(len(real), -1))


def distance(fake):
    a, b = pca.transform(real.reshape(len(real), -1)), pca.transform(fake.reshape(len(fake), -1))
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.sum((a.std(0) - b.std(0)) ** 2)


fixed_z = tf.random.normal((300, Z))
for s in range(STEPS + 1):
    dl = train_d(next(data))
    gl = train_g()
    if s % 100 == 0:
        print('step %4d  D %.3f  G %.3f  distance %.2f'
              % (s, dl, gl, distance(G(fixed_z, training=True).numpy())))

sample = G(fixed_z[:1], training=False).numpy()[0, :, :, 0]
for line in sample:
    print(''.join(' .:*#'[int((v + 1) / 2 * 4.99)] for v in line))
