"""
Transfer-learning style network (conv base + new head), trained with a custom
TF2 loop.  keras .fit() gets a good accuracy in a few epochs on the same images.
"""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model
from tensorflow.keras.datasets import fashion_mnist

tf.random.set_seed(3)
np.random.seed(3)

BATCH_SIZE = 32
NUM_CLASSES = 10
EPOCHS = 8

(train_images, train_labels), (test_images, test_labels) = fashion_mnist.load_data()
train_images = train_images[..., None].astype("float32") / 127.5 - 1.0
test_images = test_images[..., None].astype("float32") / 127.5 - 1.0

AUTOTUNE = tf.data.AUTOTUNE
train_ds = (tf.data.Dataset.from_tensor_slices((train_images, train_labels.astype("int64")))
            .shuffle(len(train_images)).batch(BATCH_SIZE).prefetch(AUTOTUNE))
test_ds = tf.data.Dataset.from_tensor_slices((test_images, test_labels.astype("int64"))).batch(100)


def conv_bn(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x)


def create_base():
    inp = layers.Input((28, 28, 1))
    x = conv_bn(inp, 12, 2)
    for _ in range(5):
        x = conv_bn(x, 12)
    x = conv_bn(x, 24, 2)
    for _ in range(5):
        x = conv_bn(x, 24)
    return Model(inp, x, name="base")


base_model = create_base()
base_model.trainable = True
model = tf.keras.Sequential([
    base_model,
    layers.GlobalAveragePooling2D(),
    layers.Dense(NUM_CLASSES),
])

loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
steps_per_epoch = int(np.ceil(len(train_images) / BATCH_SIZE))
optimizer = tf.keras.optimizers.SGD(tf.keras.optimizers.schedules.CosineDecay(0.05, EPOCHS * steps_per_epoch))

train_loss = tf.keras.metrics.Mean(name="train_loss")
train_acc = tf.keras.metrics.SparseCategoricalAccuracy(name="train_acc")
test_acc = tf.keras.metrics.SparseCategoricalAccuracy(name="test_acc")


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss(loss)
    train_acc(labels, predictions)


@tf.function
def test_step(images, labels):
    predictions = model(images, training=False)
    test_acc(labels, predictions)


for epoch in range(EPOCHS):
    train_loss.reset_state()
    train_acc.reset_state()
    test_acc.reset_state()
    for images, labels in train_ds:
        train_step(images, labels)
    for images, labels in test_ds:
        test_step(images, labels)
    print(f"Epoch {epoch + 1}, loss {train_loss.result():.4f}, "
          f"acc {train_acc.result() * 100:.1f}, test acc {test_acc.result() * 100:.1f}")

print("final test accuracy: %.3f" % float(test_acc.result()))
