import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

def sessions(n, seed):
    r = np.random.default_rng(seed)
    who = r.integers(0, 3, n)
    base = np.array([[.2, .35, .1], [.35, .2, .25], [.15, .15, .4]])[who]
    k = r.integers(0, 3, (n, 20))
    iv = np.take_along_axis(np.repeat(base[:, None, :], 20, 1), k[..., None], 2)[..., 0] + .07*r.standard_normal((n, 20))
    return np.stack([iv*3 - .7, (k == 0)*1., (k == 1)*1., (k == 2)*1.], -1).astype('float32'), who

keras.utils.set_random_seed(0)
xt, yt = sessions(2000, 1)
xv, yv = sessions(600, 2)

class Typist(keras.Model):
    def __init__(self, hidden=32, keep=0.05):
        super().__init__()
        self.rnn = layers.GRU(hidden, dropout=0.1, recurrent_dropout=keep)
        self.out = layers.Dense(3)

    def call(self, x, training=False):
        return self.out(self.rnn(x, training=training))

m = Typist()
m.compile(optimizer='adam', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
m.fit(xt, yt, epochs=10, batch_size=50, validation_data=(xv, yv), verbose=2)
