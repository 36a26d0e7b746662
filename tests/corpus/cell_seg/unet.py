import keras
from keras import layers


def double_conv(x, c):
    for _ in range(2):
        x = layers.Conv2D(c, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    return x


def mini_unet(size=24, base=8, n_classes=3):
    inp = keras.Input((size, size, 1))
    a = double_conv(inp, base)
    b = double_conv(layers.MaxPooling2D()(a), base * 2)
    u = layers.UpSampling2D()(b)
    x = double_conv(layers.Concatenate()([u, a]), base)
    return keras.Model(inp, layers.Conv2D(n_classes, 1, name="mask")(x))
