# trained with my own loop, 97% on train. When I ask for one patient at a time every answer is the same number
import random
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(8)
data = load_breast_cancer()
X_tr, X_te, y_tr, y_te = train_test_split(data.data, data.target, test_size=0.3, stratify=data.target, random_state=4)
sc = StandardScaler()
X_tr = sc.fit_transform(X_tr).astype("float32")
X_te = sc.transform(X_te).astype("float32")
y_tr = y_tr.reshape(-1, 1).astype("float32")

model = keras.Sequential([
    keras.Input((X_tr.shape[1],)),
    layers.Dense(24, activation="relu"),
    # layers.Dropout(0.3),
    layers.Dense(12),
    layers.BatchNormalization(momentum=0.9),
    layers.Activation("relu"),
    layers.Dense(1),
])
opt = keras.optimizers.Adam(1e-3)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
train_acc = keras.metrics.BinaryAccuracy(threshold=0.0)


@tf.function
def forward(x):
    return model(x, training=True)  # expect: train-mode


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        z = forward(x)
        loss = bce(y, z)
    g = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(g, model.trainable_variables))
    train_acc.update_state(y, z)
    return loss


dataset = tf.data.Dataset.from_tensor_slices((X_tr, y_tr)).shuffle(500).batch(32)
for epoch in range(25):
    train_acc.reset_state()
    for xb, yb in dataset:
        loss = step(xb, yb)
    if epoch % 4 == 0:
        print("epoch", epoch, "loss", float(loss), "train acc", float(train_acc.result()))

answers = []
for row in X_te:
    score = forward(row[np.newaxis, :])  # expect-or: train-mode
    answers.append(float(tf.sigmoid(score)[0, 0]))
answers = np.array(answers)
print("first answers", answers[:8].round(4))
print("test accuracy:", ((answers > 0.5).astype(int) == y_te).mean())
