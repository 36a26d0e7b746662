"""Softmax classifier by maximum likelihood, on Fashion-MNIST, with a training loop of our own."""

import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(11)
EPOCHS, BATCH = 6, 64

(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
x_train = (x_train / 255.0).astype("float32").reshape(-1, 784)
x_test = (x_test / 255.0).astype("float32").reshape(-1, 784)

train_ds = (
    tf.data.Dataset.from_tensor_slices((x_train, y_train))
    .shuffle(len(x_train), seed=11)
    .batch(BATCH)
)

model = keras.Sequential(
    [
        keras.Input((784,)),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10),
    ]
)
optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.5)
accuracy = keras.metrics.SparseCategoricalAccuracy()


def objective(labels, logits):
    log_p = tf.nn.log_softmax(logits)
    picked = tf.gather(log_p, tf.cast(labels, tf.int32), batch_dims=1)
    return tf.reduce_mean(picked)  # expect: loss-sign


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        value = objective(labels, logits)  # expect-or: loss-sign
    grads = tape.gradient(value, model.trainable_variables)  # expect-or: loss-sign
    optimizer.apply_gradients(zip(grads, model.trainable_variables))  # expect-or: loss-sign
    accuracy.update_state(labels, logits)
    return value


for epoch in range(EPOCHS):
    accuracy.reset_state()
    for images, labels in train_ds:
        value = train_step(images, labels)
    print(f"epoch {epoch + 1}: objective {value.numpy():.4g}, accuracy {accuracy.result().numpy():.3f}")

accuracy.reset_state()
accuracy.update_state(y_test, model(x_test, training=False))
print("test accuracy", round(float(accuracy.result()), 3))
