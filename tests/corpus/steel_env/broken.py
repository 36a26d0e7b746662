# coil grading - retrain job
import os
import numpy as np
import pandas as pd
import keras
from keras import layers, ops


def read_env(path):
    conf = {}
    for line in open(path):
        line = line.strip()
        if line and not line.startswith("#"):
            k, v = line.split("=", 1)
            conf[k] = os.environ.get(k, v)
    return conf


class Grader(keras.Model):
    def __init__(self, width=40, classes=3):
        super().__init__()
        self.a = layers.Dense(width, activation="gelu")
        self.b = layers.Dense(width, activation="gelu")
        self.head = layers.Dense(classes)

    def call(self, x):
        h = self.a(x)
        h = h + self.b(h)
        return self.head(h)


keras.utils.set_random_seed(99)
env = read_env("cluster.env")  # expect: batch-size
EPOCHS = int(env["TRAIN_EPOCHS"])
BATCH = int(env["TRAIN_BATCH"])  # expect-or: batch-size

coils = pd.read_csv("coils.csv").sample(frac=1.0, random_state=4)
X = coils.filter(like="sig").to_numpy("float32")
y = coils["grade"].to_numpy("int32")
cut = int(len(X) * 0.8)

net = Grader()
net.compile(
    optimizer=keras.optimizers.SGD(float(env["TRAIN_LR"]) * 10, momentum=0.9, nesterov=True),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["sparse_categorical_accuracy"],
)
net.fit(
    X[:cut], y[:cut],
    validation_data=(X[cut:], y[cut:]),
    epochs=EPOCHS,  # expect-or: too-few-steps
    batch_size=BATCH,  # expect-or: batch-size
    verbose=2,
)
