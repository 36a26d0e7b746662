# %% [markdown]
# Training loop from scratch, MNIST, small convnet

# %%
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(1)

# %%
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train[..., None].astype("float32") / 255
x_test = x_test[..., None].astype("float32") / 255

batch_size = 128
train_dataset = tf.data.Dataset.from_tensor_slices((x_train, y_train))
train_dataset = train_dataset.shuffle(buffer_size=4096).batch(batch_size)
val_dataset = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(batch_size)

# %%
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 3, strides=2, activation="relu"),
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(10),
    ]
)
optimizer = keras.optimizers.Adam(learning_rate=5e-4)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

train_acc_metric = keras.metrics.SparseCategoricalAccuracy()  # expect-or: metric-wrong
val_acc_metric = keras.metrics.SparseCategoricalAccuracy()  # expect-or: metric-wrong


# %%
@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss_value = loss_fn(y, logits)
    grads = tape.gradient(loss_value, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    train_acc_metric.update_state(y, logits)  # expect-or: metric-wrong
    return loss_value


@tf.function
def test_step(x, y):
    val_acc_metric.update_state(y, model(x, training=False))  # expect-or: metric-wrong


# %%
epochs = 12
for epoch in range(epochs):
    for step, (x_batch_train, y_batch_train) in enumerate(train_dataset):
        loss_value = train_step(x_batch_train, y_batch_train)  # expect-or: metric-wrong

    train_acc = train_acc_metric.result()  # expect: metric-wrong
    print("epoch %2d  loss %.4f  acc %.4f" % (epoch, float(loss_value), float(train_acc)), end="")

    for x_batch_val, y_batch_val in val_dataset:
        test_step(x_batch_val, y_batch_val)  # expect-or: metric-wrong

    val_acc = val_acc_metric.result()  # expect-or: metric-wrong
    print("  val acc %.4f" % float(val_acc))

# %%
pred = tf.argmax(model(x_test, training=False), axis=1).numpy()
print("shown: %.3f, counted on the test images: %.3f" % (float(val_acc), (pred == y_test).mean()))
