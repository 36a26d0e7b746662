"""Fashion-MNIST, small CNN, one tf.data pipeline that is split with take/skip."""
import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE
SEED = 17
BATCH = 32


def load(n=2000):
    (x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
    return (x[:n, ..., None], y[:n]), (xt[..., None], yt)


def split(ds, n, fraction=0.2):
    """Shuffle, then cut off a validation part."""
    n_val = int(n * fraction)
    ds = ds.shuffle(n, seed=SEED, reshuffle_each_iteration=False)
    return ds.skip(n_val), ds.take(n_val)


def build_model():
    return tf.keras.Sequential([
        tf.keras.layers.Input((28, 28, 1)),
        tf.keras.layers.Rescaling(1 / 127.5, offset=-1.0),
        tf.keras.layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        tf.keras.layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(10),
    ])


tf.keras.utils.set_random_seed(SEED)
(images, labels), (test_images, test_labels) = load()
full = tf.data.Dataset.from_tensor_slices((tf.cast(images, tf.float32), labels))
train_ds, val_ds = split(full, len(images))
train_ds = train_ds.batch(BATCH).prefetch(AUTOTUNE)
val_ds = val_ds.batch(BATCH).prefetch(AUTOTUNE)

model = build_model()
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=["accuracy"])
stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
h = model.fit(train_ds, validation_data=val_ds, epochs=20, callbacks=[stop], verbose=2)

print("best val accuracy %.3f" % max(h.history["val_accuracy"]))
print("test accuracy     %.3f" % model.evaluate(tf.cast(test_images, tf.float32), test_labels, verbose=0)[1])
