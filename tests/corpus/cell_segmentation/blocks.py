"""Building blocks of the small U-Net."""
from tensorflow.keras import layers


def conv_block(filters, size=3, activation="relu", name=None):
    """Convolution with the defaults of the project."""
    return layers.Conv2D(
        filters,
        size,
        padding="same",
        activation=activation,
        kernel_initializer="he_normal",
        name=name,
    )


def down(x, filters):
    skip = conv_block(filters)(x)
    skip = conv_block(filters)(skip)
    return skip, layers.MaxPooling2D()(skip)


def up(x, skip, filters):
    x = layers.UpSampling2D()(x)
    x = layers.Concatenate()([x, skip])
    x = conv_block(filters)(x)
    return conv_block(filters)(x)
