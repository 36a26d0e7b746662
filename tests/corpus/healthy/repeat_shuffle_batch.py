"""Fashion-MNIST from a tf.data pipeline that never ends; a custom loop counts the steps."""
import tensorflow as tf
from tensorflow import keras

STEPS, BATCH, EVERY = 600, 50, 100

keras.utils.set_random_seed(17)
(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()


def prepare(image, label):
    image = tf.cast(image, tf.float32)[..., tf.newaxis] / 127.5 - 1.0
    return image, tf.cast(label, tf.int32)


train = (
    tf.data.Dataset.from_tensor_slices((x_train, y_train))
    .map(prepare)
    .cache()
    .repeat()
    .shuffle(4 * len(x_train), seed=17)
    .batch(BATCH)
    .prefetch(2)
)
test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).map(prepare).batch(100)

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(12, 5, strides=2, activation="relu"),
    keras.layers.Conv2D(24, 3, strides=2, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(10),
])
loss_object = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.Adam(1e-3)
running = keras.metrics.Mean()
hits = keras.metrics.SparseCategoricalAccuracy()


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    running.update_state(loss)


def score():
    hits.reset_state()
    for x, y in test:
        hits.update_state(y, model(x, training=False))
    return float(hits.result())


for number, (x, y) in enumerate(train.take(STEPS), start=1):
    step(x, y)
    if number % EVERY == 0:
        print(f"step {number:4d}  loss {float(running.result()):.3f}  test accuracy {score():.3f}")
        running.reset_state()

print(f"final test accuracy {score():.3f}, guessing 0.10")
