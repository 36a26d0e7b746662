# teacher -> student with softened targets; triangular learning rate; gradients summed over 4 small batches
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(18)
d = load_digits()
X = (d.images / 16.0).astype("float32")[..., None]
x_tr, x_te, y_tr, y_te = train_test_split(X, d.target, test_size=0.25, random_state=3, stratify=d.target)

teacher = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(32, 3, activation="relu", padding="same"), layers.MaxPooling2D(),
                            layers.Conv2D(64, 3, activation="relu"), layers.Flatten(), layers.Dropout(0.3), layers.Dense(10)])
teacher.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
teacher.fit(x_tr, y_tr, epochs=15, batch_size=32, verbose=0)
print("teacher", teacher.evaluate(x_te, y_te, verbose=0)[1])
teacher.trainable = False

student = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(24, activation="relu"), layers.Dense(10)])
opt = keras.optimizers.Adam(1e-3)
TEMP, ALPHA, ACC, CYCLE = 3.0, 0.7, 4, 60
store = [tf.Variable(tf.zeros_like(v), trainable=False) for v in student.trainable_variables]


@tf.function
def add_gradient(x, y):
    soft = tf.nn.softmax(teacher(x, training=False) / TEMP)
    with tf.GradientTape() as tape:
        z = student(x, training=True)
        kd = tf.nn.softmax_cross_entropy_with_logits(soft, z / TEMP) * TEMP ** 2
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)
        loss = tf.reduce_mean(ALPHA * kd + (1 - ALPHA) * ce)
    for s, g in zip(store, tape.gradient(loss, student.trainable_variables)):
        s.assign_add(g / ACC)
    return loss


@tf.function
def flush():
    opt.apply_gradients(zip([s.value() for s in store], student.trainable_variables))
    for s in store:
        s.assign(tf.zeros_like(s))


ds = tf.data.Dataset.from_tensor_slices((x_tr, y_tr.astype("int32"))).shuffle(2000).batch(8, drop_remainder=True)
k = updates = 0
for epoch in range(12):
    losses = []
    for xb, yb in ds:
        losses.append(float(add_gradient(xb, yb)))
        k += 1
        if k % ACC == 0:
            pos = (updates % CYCLE) / CYCLE
            opt.learning_rate.assign(1e-3 + 9e-3 * (1 - abs(2 * pos - 1)))
            flush()
            updates += 1
    print("epoch", epoch, "loss", np.mean(losses))
print("student test accuracy:", float((student(x_te).numpy().argmax(1) == y_te).mean()))
