# %% [markdown]
# Fashion images, DCGAN-like discriminator body used as a classifier

# %%
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(9)
(x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
scale = lambda a: (a[..., None].astype("float32") - 127.5) / 127.5
x, y, xt, yt = scale(x[:1600]), y[:1600], scale(xt[:500]), yt[:500]
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1600, seed=9).batch(40)

# %%
init = keras.initializers.RandomNormal(0.0, 0.02)
body = []
for filters in (12, 16, 24, 32):
    body += [
        keras.layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False, kernel_initializer=init),
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.LeakyReLU(negative_slope=0.2),
    ]
net = keras.Sequential(
    [keras.Input((28, 28, 1))] + body + [keras.layers.Flatten(), keras.layers.Dense(10, kernel_initializer=init)]
)

# %%
opt = keras.optimizers.SGD(0.02, momentum=0.9)
xent = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
w = net.trainable_variables


@tf.function
def train_on(images, labels):
    with tf.GradientTape() as tape:
        logits = net(images, training=True)
        loss = xent(labels, logits)
    opt.apply_gradients(zip(tape.gradient(loss, w), w))
    return loss


# %%
for epoch in range(6):
    mean = keras.metrics.Mean()
    for images, labels in ds:
        mean.update_state(train_on(images, labels))
    print("epoch", epoch, "loss", float(mean.result()))

# %%
acc = tf.reduce_mean(tf.cast(tf.argmax(net(xt), -1) == tf.cast(yt, tf.int64), tf.float32))
print("test accuracy", round(float(acc), 3))
