import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import (Input, Conv2D, UpSampling2D, Add, Activation, GroupNormalization)
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam

# Tumour segmentation with an extra decoder that rebuilds the input image
# (the autoencoder-regularisation idea, 2D, small, grey images).

SIZE = 32
rng = np.random.RandomState(0)


def phantom(n):
    yy, xx = np.mgrid[0:SIZE, 0:SIZE] / float(SIZE)
    imgs, masks = [], []
    for i in range(n):
        cx, cy = rng.uniform(.42, .58, 2)
        a, b = rng.uniform(.32, .42, 2)
        head = (((xx - cx) / a) ** 2 + ((yy - cy) / b) ** 2) < 1
        tx, ty = cx + rng.uniform(-.18, .18), cy + rng.uniform(-.18, .18)
        r1, r2 = rng.uniform(.08, .17, 2)
        th = rng.uniform(0, np.pi)
        u = (xx - tx) * np.cos(th) + (yy - ty) * np.sin(th)
        v = -(xx - tx) * np.sin(th) + (yy - ty) * np.cos(th)
        tumour = (((u / r1) ** 2 + (v / r2) ** 2) < 1) & head
        im = 0.35 * head + 0.3 * tumour
        im = im + 0.05 * np.sin(9 * xx + rng.uniform(0, 6)) * head
        im = im + rng.normal(0, .06, im.shape)
        imgs.append(im)
        masks.append(tumour)
    imgs = np.array(imgs, 'float32')[..., None]
    imgs = (imgs - imgs.mean()) / imgs.std()
    return imgs, np.array(masks, 'float32')[..., None]


def green_block(inp, filters, name=None):
    res = Conv2D(filters, 1, name='Res_' + name)(inp)
    x = GroupNormalization(groups=4)(inp) if inp.shape[-1] >= 4 else inp
    x = Activation('relu')(x)
    x = Conv2D(filters, 3, padding='same')(x)
    x = GroupNormalization(groups=4)(x)
    x = Activation('relu')(x)
    x = Conv2D(filters, 3, padding='same')(x)
    return Add(name=name)([x, res])


def dice_coefficient(y_true, y_pred):
    inter = tf.reduce_sum(y_true * y_pred, axis=[1, 2, 3])
    dn = tf.reduce_sum(tf.square(y_true) + tf.square(y_pred), axis=[1, 2, 3]) + 1e-8
    return tf.reduce_mean(2 * inter / dn)


def loss_gt(e=1e-8):
    def loss_gt_(y_true, y_pred):
        inter = tf.reduce_sum(tf.abs(y_true * y_pred), axis=[1, 2, 3])
        dn = tf.reduce_sum(tf.square(y_true) + tf.square(y_pred), axis=[1, 2, 3]) + e
        return tf.reduce_mean(2 * inter / dn)  # expect: loss-sign
    return loss_gt_


def build_model(input_shape=(SIZE, SIZE, 1), weight_L2=0.1):
    inp = Input(input_shape)
    x = Conv2D(8, 3, padding='same', name='Input_x1')(inp)
    x1 = green_block(x, 8, name='x1')
    x = Conv2D(16, 3, strides=2, padding='same', name='Enc_DownSample')(x1)
    x2 = green_block(x, 16, name='x2')

    # segmentation decoder
    x = Conv2D(8, 1)(x2)
    x = UpSampling2D(2)(x)
    x = Add()([x, x1])
    x = green_block(x, 8, name='dec_gt')
    out_gt = Conv2D(1, 1, activation='sigmoid', name='Dec_GT_Output')(x)

    # image decoder
    x = Conv2D(8, 1)(x2)
    x = UpSampling2D(2)(x)
    x = Conv2D(8, 3, padding='same', activation='relu')(x)
    out_vae = Conv2D(1, 1, name='Dec_VAE_Output')(x)

    model = Model(inp, [out_gt, out_vae])
    model.compile(Adam(learning_rate=3e-3),  # expect-or: loss-sign
                  loss=[loss_gt(), 'mse'],  # expect-or: loss-sign
                  loss_weights=[1.0, weight_L2],  # expect-or: loss-sign
                  metrics=[[dice_coefficient], []])  # expect-or: loss-sign
    return model


tf.random.set_seed(1)
data, labels = phantom(360)
model = build_model()
hist = model.fit(data[:300], [labels[:300], data[:300]], batch_size=10, epochs=6, verbose=2)

seg, rebuilt = model.predict(data[300:], verbose=0)
print('foreground fraction  true %.3f  predicted %.3f' % (labels[300:].mean(), (seg > .5).mean()))
print('reconstruction mse %.3f' % np.mean((rebuilt - data[300:]) ** 2))
d = 2 * np.sum((seg > .5) * labels[300:]) / (np.sum(seg > .5) + np.sum(labels[300:]) + 1e-8)
print('dice on the 60 held out images: %.3f' % d)
