import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE
tf.random.set_seed(31)


def normalise(image, label):
    return tf.cast(image, tf.float32)[..., tf.newaxis] / 255.0, tf.cast(label, tf.int32)


def jitter(image, label):
    image = tf.image.random_brightness(image, 0.1)
    noise = tf.random.normal(tf.shape(image), mean=0.0, stddev=3.0)  # expect-or: input-noise
    return image + noise, label  # expect: input-noise


(train_x, train_y), (test_x, test_y) = tf.keras.datasets.fashion_mnist.load_data()
train_ds = (
    tf.data.Dataset.from_tensor_slices((train_x[:4000], train_y[:4000]))
    .map(normalise, num_parallel_calls=AUTOTUNE)
    .shuffle(4000)
    .map(jitter, num_parallel_calls=AUTOTUNE)  # expect-or: input-noise
    .batch(64)
    .prefetch(AUTOTUNE)
)
test_ds = (
    tf.data.Dataset.from_tensor_slices((test_x[:1000], test_y[:1000])).map(normalise).batch(200)
)

model = tf.keras.Sequential([
    tf.keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
    tf.keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(10),
])
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.9)
train_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="train_accuracy")
test_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="test_accuracy")


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_accuracy(labels, predictions)


@tf.function
def test_step(images, labels):
    test_accuracy(labels, model(images, training=False))


for epoch in range(8):
    train_accuracy.reset_state()
    test_accuracy.reset_state()
    for images, labels in train_ds:
        train_step(images, labels)
    for images, labels in test_ds:
        test_step(images, labels)
    print(
        "Epoch {}: train accuracy {:.3f}, test accuracy {:.3f}".format(
            epoch + 1, train_accuracy.result().numpy(), test_accuracy.result().numpy()
        )
    )
