"""Train on mixed garments, then inspect deliveries lot by lot.

A delivery lot holds one kind of garment; the inspection reports, for every lot, the
share of items recognised as what the delivery note says.
"""
import time

import numpy as np
import tensorflow as tf

from nets import forward, make_net

NAMES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
EPOCHS = 4
BATCH = 50

tf.keras.utils.set_random_seed(31)


class Trainer:
    def __init__(self, net, lr):
        self.net = net
        self.optimizer = tf.keras.optimizers.Adam(lr)
        self.loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.seen = tf.keras.metrics.Mean()
        self.hits = tf.keras.metrics.SparseCategoricalAccuracy()

    def start(self):
        self.seen.reset_state()
        self.hits.reset_state()

    @tf.function
    def train_step(self, images, labels):
        with tf.GradientTape() as tape:
            logits = forward(self.net, images)
            loss = self.loss(labels, logits)
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.net.trainable_variables))
        self.seen.update_state(loss)
        self.hits.update_state(labels, logits)

    @tf.function
    def test_step(self, images, labels):
        logits = forward(self.net, images, training=False)
        self.seen.update_state(self.loss(labels, logits))
        self.hits.update_state(labels, logits)
        return tf.argmax(logits, axis=-1)


def mixed(images, labels):
    return (
        tf.data.Dataset.from_tensor_slices((images, labels))
        .shuffle(len(images), seed=31)
        .batch(BATCH, drop_remainder=True)
        .prefetch(2)
    )


def lots(images, labels):
    for kind in range(10):
        chosen = labels == kind
        yield kind, tf.constant(images[chosen]), tf.constant(labels[chosen])


def main():
    (images, labels), (t_images, t_labels) = tf.keras.datasets.fashion_mnist.load_data()
    labels, t_labels = labels.astype("int64"), t_labels.astype("int64")
    data = mixed(images, labels)
    job = Trainer(make_net(), 2e-3)

    for epoch in range(1, EPOCHS + 1):
        tick = time.perf_counter()
        job.start()
        for batch in data:
            job.train_step(*batch)
        print(
            f"epoch {epoch}: loss {job.seen.result():.4f} accuracy {job.hits.result():.3f}"
            f" ({time.perf_counter() - tick:.1f} s)"
        )

    print("\ninspection")
    job.start()
    confusion = np.zeros((10, 10), int)
    for kind, lot, truth in lots(t_images, t_labels):
        guess = job.test_step(lot, truth).numpy()
        confusion[kind] += np.bincount(guess, minlength=10)
        share = confusion[kind, kind] / confusion[kind].sum()
        other = np.argmax(np.where(np.arange(10) == kind, -1, confusion[kind]))
        print(f"  {NAMES[kind]:9s} {len(guess):3d} items  recognised {share:5.1%}  most often mistaken for {NAMES[other]}")
    print(f"all lots: loss {job.seen.result():.4f} accuracy {job.hits.result():.3f}")


if __name__ == "__main__":
    main()
