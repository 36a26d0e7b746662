import tensorflow as tf
import keras
from keras import layers, ops

from signals import load

keras.utils.set_random_seed(17)


class Classifier(keras.Model):
    """An LSTM over the signal, with its own training step."""

    def __init__(self, units, classes):
        super().__init__()
        self.rnn = layers.LSTM(units)
        self.head = layers.Dense(classes)
        self.mean_loss = keras.metrics.Mean(name="loss")
        self.hits = keras.metrics.SparseCategoricalAccuracy(name="acc")

    def call(self, x):
        return self.head(self.rnn(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            loss = ops.mean(keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        self.mean_loss.update_state(loss)
        self.hits.update_state(y, logits)
        return {"loss": self.mean_loss.result(), "acc": self.hits.result()}

    def test_step(self, data):
        x, y = data
        logits = self(x, training=False)
        self.mean_loss.update_state(ops.mean(keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)))
        self.hits.update_state(y, logits)
        return {"loss": self.mean_loss.result(), "acc": self.hits.result()}

    @property
    def metrics(self):
        return [self.mean_loss, self.hits]


def dataset(part, training):
    x, y = load(part)
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(buffer_size=len(x))
    return ds.batch(32).prefetch(2)


def main():
    train, test = dataset("train", True), dataset("test", False)
    model = Classifier(units=24, classes=4)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    model.fit(train, validation_data=test, epochs=10, verbose=2)
    result = model.evaluate(test, verbose=0, return_dict=True)
    print("test acc: %.3f" % float(result["acc"]))


if __name__ == "__main__":
    main()
