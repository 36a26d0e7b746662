#!/usr/bin/env python
# Top layers on precomputed convolution features, fed by a generator because the
# real feature file does not fit in memory.
import numpy as np
from keras.datasets import fashion_mnist
from keras.layers import BatchNormalization, Dense, Dropout, Input
from keras.models import Sequential
from keras.optimizers import Adam
from keras.utils import set_random_seed, to_categorical

set_random_seed(9)
batch_size = 64
num_hidden = 128


def precompute(images, bank):
    """5x5 stride-2 filter bank + relu + 2x2 mean pooling, flattened (stands in for VGG)"""
    img = images.astype("float32") / 255.
    win = np.lib.stride_tricks.sliding_window_view(img, (5, 5), axis=(1, 2))[:, ::2, ::2]
    maps = np.maximum(np.einsum("nijab,abk->nijk", win, bank), 0)
    n, h, w, k = maps.shape
    return maps.reshape(n, h // 2, 2, w // 2, 2, k).mean((2, 4)).reshape(n, -1)


def folder_order(images, labels):
    # get_batches() walks the class folders one after the other
    o = np.argsort(labels, kind="stable")
    return images[o], labels[o]


(trn, trn_y), (val, val_y) = fashion_mnist.load_data()
trn, trn_y = folder_order(trn, trn_y)
val, val_y = folder_order(val, val_y)

bank = np.random.RandomState(0).normal(size=(5, 5, 12)).astype("float32") / 5
conv_trn_feat, conv_val_feat = precompute(trn, bank), precompute(val, bank)
trn_labels, val_labels = to_categorical(trn_y, 10), to_categorical(val_y, 10)
print("features", conv_trn_feat.shape, conv_val_feat.shape)


def myGenerator():
    while True:
        order = np.arange(len(conv_trn_feat))  # expect: unshuffled
        for i in range(0, len(order), batch_size):
            rows = order[i:i + batch_size]
            yield conv_trn_feat[rows], trn_labels[rows]  # expect-or: unshuffled


def get_bn_layers(p):
    return [
        Input((conv_trn_feat.shape[1],)),
        BatchNormalization(),
        Dropout(p / 2),
        Dense(num_hidden, activation="relu"),
        BatchNormalization(momentum=0.9),
        Dropout(p),
        Dense(10, activation="softmax"),
    ]


bn_model = Sequential(get_bn_layers(0.3))
bn_model.compile(Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])
steps = int(np.ceil(len(conv_trn_feat) / batch_size))
bn_model.fit(myGenerator(), steps_per_epoch=steps, epochs=12,  # expect-or: unshuffled
             validation_data=(conv_val_feat, val_labels), verbose=2)

loss, acc = bn_model.evaluate(conv_val_feat, val_labels, verbose=0)
print("val loss %.4f  val acc %.4f" % (loss, acc))
