"""Transfer learning: digits 0-4 first, then 5-9 with only a few examples each."""
import tensorflow as tf
from tensorflow.keras import Model, Input, layers, optimizers, datasets, utils

utils.set_random_seed(55)

(images, labels), (test_images, test_labels) = datasets.mnist.load_data()
images, test_images = images[..., tf.newaxis], test_images[..., tf.newaxis]   # uint8, 0..255


def pipeline(x, y, keep, offset, batch=32, limit=None, training=True):
    m = keep(y)
    x, y = x[m][:limit], y[m][:limit] - offset
    ds = tf.data.Dataset.from_tensor_slices((x, y.astype("int32")))
    if training:
        ds = ds.shuffle(len(x), reshuffle_each_iteration=True)
    return ds.batch(batch).prefetch(tf.data.AUTOTUNE), len(x)


low = lambda y: y < 5
high = lambda y: y >= 5
source, n0 = pipeline(images, labels, low, 0)
source_val, _ = pipeline(test_images, test_labels, low, 0, batch=250, training=False)
target, n1 = pipeline(images, labels, high, 5, batch=16, limit=500)
target_val, n2 = pipeline(test_images, test_labels, high, 5, batch=250, training=False)
print(f"{n0} source images, {n1} target images, {n2} target images for validation")


def build_trunk():
    i = Input((28, 28, 1))
    h = layers.Rescaling(1 / 127.5, offset=-1)(i)
    for f in (16, 32):
        h = layers.Conv2D(f, 3, strides=2, padding="same", use_bias=False)(h)
        h = layers.BatchNormalization(momentum=0.9)(h)
        h = layers.ReLU()(h)
    h = layers.Conv2D(32, 3, padding="same", activation="relu")(h)
    return Model(i, layers.Flatten()(h), name="trunk")


trunk = build_trunk()

inp = Input((28, 28, 1))
first = Model(inp, layers.Dense(5)(layers.Dropout(0.3)(trunk(inp))))
ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
first.compile(optimizer=optimizers.Adam(2e-3), loss=ce, metrics=["accuracy"])
first.fit(source, validation_data=source_val, epochs=7, verbose=2)

# new head on the frozen trunk
trunk.trainable = False
inp = Input((28, 28, 1))
h = trunk(inp, training=False)          # keep the moving averages of the first task
h = layers.Dropout(0.3)(h)
second = Model(inp, layers.Dense(5)(h))
second.compile(optimizer=optimizers.Adam(1e-3), loss=ce, metrics=["accuracy"])
print("head only:", sum(tf.size(v).numpy() for v in second.trainable_variables), "trainable weights")
second.fit(target, validation_data=target_val, epochs=8, verbose=2)

# everything, gently
trunk.trainable = True
second.compile(optimizer=optimizers.Adam(2e-4), loss=ce, metrics=["accuracy"])
print("fine-tuning:", sum(tf.size(v).numpy() for v in second.trainable_variables), "trainable weights")
second.fit(target, validation_data=target_val, epochs=8, verbose=2)

loss, acc = second.evaluate(target_val, verbose=0)
print(f"5-9 with {n1} images: validation loss {loss:.3f}, accuracy {acc:.3f}")
