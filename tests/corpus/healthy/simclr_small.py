"""Self-supervised: SimCLR (NT-Xent) on unlabelled digits, judged by a linear probe that
sees twenty labels per class."""
import numpy as np
import keras
import tensorflow as tf
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(46)
(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
x = x[..., None].astype("float32") / 255.0
x_test = x_test[..., None].astype("float32") / 255.0

augment = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.RandomTranslation(.12, .12, fill_mode="constant"),
    keras.layers.RandomZoom((-.25, .25), (-.25, .25), fill_mode="constant"),
])
encoder = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(16, 5, strides=2, activation="relu"),
    keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation="relu"),
])
head = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(32)])


class SimCLR(keras.Model):
    def __init__(self, temperature=.2):
        super().__init__()
        self.encoder, self.head, self.augment, self.temperature = encoder, head, augment, temperature
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.match = keras.metrics.SparseCategoricalAccuracy(name="match")

    @property
    def metrics(self):
        return [self.loss_tracker, self.match]

    def call(self, images):
        return self.head(self.encoder(images))

    def train_step(self, images):
        n = tf.shape(images)[0]
        two = self.augment(tf.concat([images, images], 0), training=True)
        with tf.GradientTape() as tape:
            z = tf.math.l2_normalize(self.head(self.encoder(two, training=True), training=True), axis=1)
            sim = z @ tf.transpose(z) / self.temperature
            sim = tf.linalg.set_diag(sim, tf.fill([2 * n], -1e9))       # not with itself
            partner = tf.concat([tf.range(n, 2 * n), tf.range(n)], 0)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=partner, logits=sim))
        variables = self.encoder.trainable_variables + self.head.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        self.loss_tracker.update_state(loss)
        self.match.update_state(partner, sim)
        return {m.name: m.result() for m in self.metrics}


few = np.concatenate([np.flatnonzero(y == c)[:20] for c in range(10)])


def probe(features):
    sc = StandardScaler().fit(features(x[few]))
    clf = LogisticRegression(C=.05, max_iter=1000).fit(sc.transform(features(x[few])), y[few])
    return clf.score(sc.transform(features(x_test)), y_test)


raw, untrained = probe(lambda a: a.reshape(len(a), -1)), probe(lambda a: encoder.predict(a, verbose=0))
EPOCHS = 24
model = SimCLR()
model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, 10 * EPOCHS)))
images = tf.data.Dataset.from_tensor_slices(x).shuffle(2000).batch(200, drop_remainder=True).prefetch(2)
model.fit(images, epochs=EPOCHS, verbose=2)
print("linear probe on 200 labels: pixels %.3f, untrained encoder %.3f" % (raw, untrained))
print("linear probe on 200 labels: SimCLR %.3f" % probe(lambda a: encoder.predict(a, verbose=0)))
