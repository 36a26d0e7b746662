import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow as tf
import keras
from keras.models import Model
from keras.layers import Input, Conv2D, MaxPooling2D, Conv2DTranspose, concatenate, UpSampling2D
from keras.optimizers import Adam
from keras import ops as K   # K.sum, K.flatten etc moved here

keras.utils.set_random_seed(5)
img_rows = img_cols = 32
smooth = 1.

# toy version of my microscope images (cells = bright blobs), masks are 0/1
def make_images(n):
    yy, xx = np.mgrid[:img_rows, :img_cols]
    imgs = np.zeros((n, img_rows, img_cols, 1), 'float32'); masks = np.zeros_like(imgs)
    for i in range(n):
        for _ in range(np.random.randint(1, 4)):
            cy, cx, r = np.random.randint(5, 27), np.random.randint(5, 27), np.random.randint(3, 7)
            masks[i, ..., 0][(yy - cy) ** 2 + (xx - cx) ** 2 <= r * r] = 1
        imgs[i] = 0.45 * masks[i] + 0.2 + 0.12 * np.random.randn(img_rows, img_cols, 1)
    return imgs, masks

imgs_train, imgs_mask_train = make_images(256)
imgs_test, imgs_mask_test = make_images(60)
mean = imgs_train.mean(); std = imgs_train.std()
imgs_train -= mean; imgs_train /= std
imgs_test -= mean; imgs_test /= std


def dice_coef(y_true, y_pred):
    y_true_f = K.reshape(y_true, (-1,))
    y_pred_f = K.reshape(y_pred, (-1,))
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)


def get_unet():
    inputs = Input((img_rows, img_cols, 1))
    conv1 = Conv2D(12, (3, 3), activation='relu', padding='same')(inputs)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
    conv2 = Conv2D(24, (3, 3), activation='relu', padding='same')(pool1)
    up3 = concatenate([Conv2DTranspose(12, (2, 2), strides=(2, 2), padding='same')(conv2), conv1], axis=3)
    conv3 = Conv2D(12, (3, 3), activation='relu', padding='same')(up3)
    conv10 = Conv2D(1, (1, 1), activation='sigmoid')(conv3)
    model = Model(inputs=[inputs], outputs=[conv10])
    model.compile(optimizer=Adam(learning_rate=3e-3), loss=dice_coef_loss, metrics=[dice_coef, 'binary_accuracy'])
    return model


model = get_unet()
history = model.fit(imgs_train, imgs_mask_train, batch_size=16, epochs=5, verbose=2, shuffle=True,
                    validation_data=(imgs_test, imgs_mask_test))
pr = model.predict(imgs_test, verbose=0)
print('mask area true', imgs_mask_test.mean(), 'predicted', (pr > .5).mean(), 'min/max', pr.min(), pr.max())
inter = ((pr > .5) * imgs_mask_test).sum()
print('hard dice on test', 2 * inter / ((pr > .5).sum() + imgs_mask_test.sum()))
