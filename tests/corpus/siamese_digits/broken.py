# same / different digit pairs, contrastive loss. I followed the usual siamese recipe
import numpy as np
import keras
from keras import layers, ops
from sklearn.datasets import load_digits

np.random.seed(3)
keras.utils.set_random_seed(3)

digits = load_digits()
X = (digits.images / 16.0).astype('float32')[..., None]
Y = digits.target
cut = 1300
Xtr, Ytr, Xte, Yte = X[:cut], Y[:cut], X[cut:], Y[cut:]


def make_pairs(imgs, labs, n):
    by_class = [np.where(labs == c)[0] for c in range(10)]
    left, right, same = [], [], []
    for k in range(n):
        i = np.random.randint(len(imgs))
        c = labs[i]
        if k % 2 == 0:
            j = np.random.choice(by_class[c])
            same.append(1.0)
        else:
            other = (c + np.random.randint(1, 10)) % 10
            j = np.random.choice(by_class[other])
            same.append(0.0)
        left.append(imgs[i])
        right.append(imgs[j])
    return np.array(left), np.array(right), np.array(same, dtype='float32')[:, None]


class EuclidDist(layers.Layer):
    def call(self, pair):
        a, b = pair
        sq = ops.sum(ops.square(a - b), axis=1, keepdims=True)
        return ops.sqrt(sq)  # expect: loss-numerics


def tower():
    inp = keras.Input((8, 8, 1))
    h = layers.Flatten()(inp)
    h = layers.Dense(64, activation='relu')(h)
    h = layers.Dense(24)(h)
    return keras.Model(inp, h, name='tower')


MARGIN = 1.0


def contrastive(y, d):
    near = y * d
    far = (1.0 - y) * ops.square(ops.maximum(MARGIN - d, 0.0))
    return ops.mean(near + far)


def pair_acc(y, d):
    return ops.mean(ops.cast(ops.equal(y, ops.cast(d < 0.5, 'float32')), 'float32'))


t = tower()
ia = keras.Input((8, 8, 1))
ib = keras.Input((8, 8, 1))
net = keras.Model([ia, ib], EuclidDist()([t(ia), t(ib)]))
net.compile(optimizer=keras.optimizers.RMSprop(0.001), loss=contrastive, metrics=[pair_acc])

A, B, S = make_pairs(Xtr, Ytr, 3000)
At, Bt, St = make_pairs(Xte, Yte, 800)
net.fit([A, B], S, batch_size=64, epochs=8, validation_data=([At, Bt], St), verbose=2)
d = net.predict([At, Bt], verbose=0)
print('test distances', d[:5].ravel(), 'pair accuracy', np.mean((d < 0.5) == (St > 0.5)))
