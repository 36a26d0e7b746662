import tensorflow as tf

L = tf.keras.layers


def small_cnn(shape, n_out):
    return tf.keras.Sequential([
        L.Input(shape=shape),
        L.Conv2D(16, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Conv2D(32, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Flatten(),
        L.Dense(64, activation="relu"),
        L.Dense(n_out),
    ])
