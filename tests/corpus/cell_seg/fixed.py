"""Segmentation of cells and scratches with a small U-Net and a custom train_step."""
import argparse

import keras
import numpy as np
import tensorflow as tf

from cells import render
from unet import mini_unet


class SegTrainer(keras.Model):
    """Wraps a network that returns one score map per class and adds the boundary weighting."""

    def __init__(self, net, criterion, edge_weight=2.0):
        super().__init__()
        self.net = net
        self.criterion = criterion
        self.edge_weight = edge_weight
        self.loss_tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.loss_tracker]

    def call(self, x):
        return self.net(x)

    def pixel_weights(self, mask):
        cell = tf.cast(mask == 1, tf.float32)[..., None]
        dilated = tf.nn.max_pool2d(cell, 3, 1, "SAME")
        return 1.0 + self.edge_weight * tf.squeeze(dilated - cell, -1)

    def train_step(self, data):
        image, mask = data
        with tf.GradientTape() as tape:
            per_pixel = self.criterion(mask, self.net(image, training=True))
            loss = tf.reduce_mean(per_pixel * self.pixel_weights(mask))
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.net.trainable_variables))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}


def mean_iou(model, images, masks):
    pred = model.predict(images, batch_size=128, verbose=0).argmax(-1)
    scores = [((pred == k) & (masks == k)).sum() / ((pred == k) | (masks == k)).sum() for k in range(3)]
    return float(np.mean(scores))


def main(args):
    keras.utils.set_random_seed(args.seed)
    x_train, y_train = render(args.n_train, seed=1)
    x_test, y_test = render(150, seed=2)
    print("class shares:", np.bincount(y_train.ravel()) / y_train.size)

    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    trainer = SegTrainer(mini_unet(base=args.base), criterion)
    trainer.compile(optimizer=keras.optimizers.SGD(args.lr, momentum=0.9))
    report = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda e, logs: print(f"epoch {e} loss {logs['loss']:.4f} test mIoU {mean_iou(trainer, x_test, y_test):.4f}")
    )
    trainer.fit(x_train, y_train, batch_size=16, epochs=args.epochs, verbose=0, callbacks=[report])
    print("final test mIoU %.4f" % mean_iou(trainer, x_test, y_test))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--n-train", type=int, default=400)
    parser.add_argument("--base", type=int, default=8)
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=3)
    main(parser.parse_args())
