"""Breast cancer MLP, gradients accumulated over several micro-batches."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

MICRO_BATCH = 32
ACCUM_STEPS = 16  # expect: update-missing
EPOCHS = 30

keras.utils.set_random_seed(17)

x, y = load_breast_cancer(return_X_y=True)
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=17, stratify=y)
scaler = StandardScaler()
x_train = scaler.fit_transform(x_train).astype("float32")
x_val = scaler.transform(x_val).astype("float32")
y_train, y_val = y_train.astype("float32")[:, None], y_val.astype("float32")[:, None]

model = keras.Sequential([
    keras.Input((30,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
optimizer = keras.optimizers.Adam(2e-3)
loss_fn = keras.losses.BinaryCrossentropy()
accumulators = [tf.Variable(tf.zeros_like(v), trainable=False) for v in model.trainable_variables]


@tf.function
def micro_step(xb, yb):
    with tf.GradientTape() as tape:
        loss = loss_fn(yb, model(xb, training=True))
    for acc, g in zip(accumulators, tape.gradient(loss, model.trainable_variables)):
        acc.assign_add(g / ACCUM_STEPS)
    return loss


def zero_accumulators():
    for acc in accumulators:
        acc.assign(tf.zeros_like(acc))


train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(512, seed=17).batch(MICRO_BATCH)
print("micro-batches per epoch:", len(train))

for epoch in range(EPOCHS):
    zero_accumulators()
    losses = []
    for step, (xb, yb) in enumerate(train):
        losses.append(float(micro_step(xb, yb)))
        if (step + 1) % ACCUM_STEPS == 0:  # expect-or: update-missing
            optimizer.apply_gradients(zip(accumulators, model.trainable_variables))
            zero_accumulators()
    if (epoch + 1) % 5 == 0:
        p = model(x_val).numpy()
        print(f"epoch {epoch + 1:3d}  loss {np.mean(losses):.4f}  val acc {np.mean((p > 0.5) == y_val):.4f}")
