# -*- coding: utf-8 -*-
# triplet network for duplicate product names, distance is from the keras mnist_siamese example
# question: loss: nan after the first epoch, every prediction nan. Tried clipnorm, smaller lr, no help
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import random
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.layers import (Input, Dense, Lambda, Embedding, Dropout,
                                     Flatten, Concatenate, GlobalAveragePooling1D, LSTM, Bidirectional)
from tensorflow.keras.optimizers import RMSprop, Adam
from tensorflow.keras import backend as K

random.seed(7); np.random.seed(7); tf.random.set_seed(7)

MAXLEN = 24
abc = 'abcdefghijklmnopqrstuvwxyz '
c2i = {c: i + 1 for i, c in enumerate(abc)}

syl = [a + b + c for a in 'bdfgklmnprstvz' for b in 'aeiou' for c in ['', 'n', 'r', 'x', 's']]
base_names = [''.join(random.sample(syl, 3)) + ' ' + random.choice(['pro', 'max', 'mini', 'set', 'plus'])
              for _ in range(150)]


def typo(s):
    s = list(s)
    for _ in range(random.choice([0, 1, 1, 2])):
        s[random.randrange(len(s))] = random.choice(abc)
    return ''.join(s)


def encode(s):
    v = [c2i[c] for c in s][:MAXLEN]
    return v + [0] * (MAXLEN - len(v))


def make_triplets(names, n):
    anc, pos, neg = [], [], []
    for _ in range(n):
        a = random.choice(names)
        b = random.choice([q for q in names if q != a])
        anc.append(encode(a)); pos.append(encode(typo(a))); neg.append(encode(typo(b)))
    return [np.array(anc), np.array(pos), np.array(neg)]


train_trip = make_triplets(base_names[:120], 2400)
test_trip = make_triplets(base_names[120:], 400)
print([t.shape for t in train_trip])


def euclidean_distance(vects):
    x, y = vects
    return tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(x - y), axis=1, keepdims=True), 1e-7))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


ALPHA = 1.0


def triplet_loss(y_true, y_pred):
    # y_true is not used, keras only needs something
    d_ap, d_an = y_pred[:, 0], y_pred[:, 1]
    return tf.reduce_mean(tf.maximum(d_ap - d_an + ALPHA, 0.0))


def create_base_network():
    seq = Sequential()
    seq.add(Input(shape=(MAXLEN,)))
    seq.add(Embedding(len(abc) + 1, 24))
    # seq.add(Bidirectional(LSTM(32)))   # same problem with this
    seq.add(Flatten())
    seq.add(Dense(64, activation='relu'))
    seq.add(Dense(32))
    return seq


base_network = create_base_network()
in_a = Input(shape=(MAXLEN,), name='anchor')
in_p = Input(shape=(MAXLEN,), name='positive')
in_n = Input(shape=(MAXLEN,), name='negative')
e_a, e_p, e_n = base_network(in_a), base_network(in_p), base_network(in_n)
dist = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape, name='dist')
pos_dist = dist([e_a, e_p])
neg_dist = dist([e_a, e_n])
model = Model([in_a, in_p, in_n], Concatenate()([pos_dist, neg_dist]))

opt = Adam(learning_rate=0.001)   # clipnorm=1.0, clipvalue also tried
model.compile(loss=triplet_loss, optimizer=opt)
dummy = np.zeros((2400, 1), 'float32')
model.fit(train_trip, dummy, batch_size=64, epochs=8, verbose=2)

d = model.predict(test_trip, verbose=0)
print(d[:5])
print('* test triplets with d(a,p) < d(a,n) - 0.3: %0.2f%%' % (100 * np.mean(d[:, 0] < d[:, 1] - 0.3)))
