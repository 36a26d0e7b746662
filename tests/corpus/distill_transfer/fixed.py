"""Knowledge distillation on an unlabelled transfer set (Hinton et al. 2015)."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)
TEMPERATURE, BATCH = 3.0, 50

digits = load_digits()
x = (digits.data / 16.0).astype("float32")
perm = rng.permutation(len(x))
x, y = x[perm], digits.target[perm].astype("int32")
x_lab, y_lab = x[:500], y[:500]
x_transfer = x[500:1500]
x_test, y_test = x[1500:], y[1500:]


def mlp(width, depth):
    hidden = [keras.layers.Dense(width, activation="relu") for _ in range(depth)]
    return keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(10)])


def accuracy(model):
    return float(np.mean(np.argmax(model(x_test, training=False).numpy(), axis=1) == y_test))


teacher = mlp(128, 2)
teacher.compile(keras.optimizers.Adam(2e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
teacher.fit(x_lab, y_lab, batch_size=BATCH, epochs=25, verbose=0)
print(f"teacher test accuracy {accuracy(teacher):.3f}")

# one pass of the big network over the transfer set, kept for all epochs
soft_targets = tf.nn.softmax(teacher(x_transfer) / TEMPERATURE)

images = tf.data.Dataset.from_tensor_slices(x_transfer)
targets = tf.data.Dataset.from_tensor_slices(soft_targets)
pairs = tf.data.Dataset.zip((images, targets)).shuffle(1000, seed=10).batch(BATCH)

student = mlp(24, 1)
optimizer = keras.optimizers.Adam(5e-3)


@tf.function
def distill_step(batch, soft):
    with tf.GradientTape() as tape:
        logits = student(batch, training=True)
        ce = tf.nn.softmax_cross_entropy_with_logits(labels=soft, logits=logits / TEMPERATURE)
        loss = TEMPERATURE ** 2 * tf.reduce_mean(ce)
    grads = tape.gradient(loss, student.trainable_variables)
    optimizer.apply_gradients(zip(grads, student.trainable_variables))
    return loss


for epoch in range(30):
    losses = [float(distill_step(b, s)) for b, s in pairs]
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1:2d}  distillation loss {np.mean(losses):.4f}")

print(f"student test accuracy {accuracy(student):.3f}")
