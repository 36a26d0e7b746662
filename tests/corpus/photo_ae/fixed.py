"""All-convolutional autoencoder on patches cut from two photographs."""
import numpy as np
from sklearn.datasets import load_sample_images
from tensorflow.keras import Model, utils
from tensorflow.keras.initializers import GlorotUniform, HeUniform
from tensorflow.keras.layers import Activation, BatchNormalization, Conv2D, Input, UpSampling2D
from tensorflow.keras.optimizers import Adam

utils.set_random_seed(17)
SIDE = 24


class PatchSource:
    def __init__(self, side, seed):
        self.side = side
        self.rng = np.random.RandomState(seed)
        self.photos = load_sample_images().images

    def take(self, n):
        out = np.empty((n, self.side, self.side, 3), dtype=np.float32)
        for k in range(n):
            photo = self.photos[k % len(self.photos)]
            r = self.rng.randint(0, photo.shape[0] - self.side)
            c = self.rng.randint(0, photo.shape[1] - self.side)
            out[k] = photo[r:r + self.side, c:c + self.side]
        return out / 127.5 - 1.0


initializer = HeUniform()


def conv_bn_relu(t, filters, kernel_size=3, strides=1):
    t = Conv2D(filters, kernel_size=kernel_size, strides=strides, padding='same',
               kernel_initializer=initializer)(t)
    t = BatchNormalization(momentum=0.9)(t)
    return Activation('relu')(t)


def autoencoder():
    input_tensor = Input(shape=(SIDE, SIDE, 3))
    # Encoder
    t = conv_bn_relu(input_tensor, 10, kernel_size=5)
    t = conv_bn_relu(t, 16, strides=2)
    t = conv_bn_relu(t, 24, strides=2)
    # Decoder
    t = UpSampling2D(size=(2, 2))(t)
    t = conv_bn_relu(t, 16)
    t = UpSampling2D(size=(2, 2))(t)
    t = conv_bn_relu(t, 16)
    out = Conv2D(3, kernel_size=5, padding='same', activation='tanh',
                 kernel_initializer=GlorotUniform())(t)
    return Model(input_tensor, out)


source = PatchSource(SIDE, seed=5)
train = source.take(260)
held = source.take(60)
print('patches', train.shape, 'held out', held.shape)

net = autoencoder()
net.compile(optimizer=Adam(0.002), loss='mean_squared_error')
for round_no in range(4):
    h = net.fit(train, train, epochs=3, batch_size=20, verbose=0, validation_data=(held, held))
    print('after %2d epochs  loss %.4f  val %.4f'
          % (3 * (round_no + 1), h.history['loss'][-1], h.history['val_loss'][-1]))

rec = net.predict(held, verbose=0)
residual = ((rec - held) ** 2).mean()
plain = ((held - held.mean(axis=(0, 1, 2))) ** 2).mean()
print('output range: %.3f .. %.3f, standard deviation %.4f' % (rec.min(), rec.max(), rec.std()))
print('share of the variance that is reconstructed: %.3f' % (1 - residual / plain))
