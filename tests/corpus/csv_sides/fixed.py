import csv
import os
import random

import tensorflow as tf

random.seed(4)
tf.keras.utils.set_random_seed(4)

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table_q.csv")

points, sides = [], []
with open(PATH) as f:
    for row in csv.DictReader(f):
        points.append([float(row[k]) for k in ("u", "v", "noise1", "noise2")])
        sides.append(float(row["side"]))

order = list(range(len(points)))
random.shuffle(order)
train_idx, test_idx = order[:800], order[800:]


def pick(idx):
    return (tf.constant([points[i] for i in idx]),
            tf.constant([[sides[i]] for i in idx]))


class Classifier(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.h1 = tf.keras.layers.Dense(24, activation="relu")
        self.h2 = tf.keras.layers.Dense(24, activation="relu")
        self.o = tf.keras.layers.Dense(1)
        self.loss_mean = tf.keras.metrics.Mean(name="loss")

    def call(self, x):
        return self.o(self.h2(self.h1(x)))

    @property
    def metrics(self):
        return [self.loss_mean]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            z = self(x, training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z))
        g = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.loss_mean.update_state(loss)
        return {"loss": self.loss_mean.result()}


x_train, y_train = pick(train_idx)
x_test, y_test = pick(test_idx)

clf = Classifier()
clf.compile(optimizer=tf.keras.optimizers.Adam(0.005))
clf.fit(x_train, y_train, batch_size=25, epochs=25, verbose=2)

p = tf.sigmoid(clf.predict(x_test, verbose=0))
right = (p.numpy() > 0.5) == (y_test.numpy() > 0.5)
print("share of test points on the right side:", right.mean())
