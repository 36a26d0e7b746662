"""
Fine-tune a thresholded sparse-coding front end (Olshausen-style dictionary learnt
offline) together with a linear read-out on a handful of digits.
"""
import os
import time

import numpy as np
import tensorflow as tf

FOLDER = os.path.dirname(os.path.realpath(__file__))


class SparseEncoder(tf.Module):
    def __init__(self, atoms, thresholds):
        super().__init__(name="sparse_encoder")
        self.atoms = tf.Variable(atoms.T, dtype=tf.float32, name="atoms")
        self.theta = tf.Variable(thresholds, dtype=tf.float32, name="theta")  # expect-or: dead-relu

    def __call__(self, x):
        return tf.nn.relu(x @ self.atoms - self.theta)  # expect: dead-relu


class ReadOut(tf.Module):
    def __init__(self, n_in, n_out, rng):
        super().__init__(name="readout")
        self.w = tf.Variable(rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)), dtype=tf.float32)
        self.b = tf.Variable(np.zeros(n_out), dtype=tf.float32)

    def __call__(self, code):
        return code @ self.w + self.b


class Experiment:
    def __init__(self, epochs=8, batch=50, lr_code=0.002, lr_read=0.01):
        self.epochs, self.batch = epochs, batch
        self.rng = np.random.default_rng(17)
        with np.load(os.path.join(FOLDER, "dictionary.npz")) as f:
            self.encoder = SparseEncoder(f["atoms"], f["thresholds"])  # expect-or: dead-relu
        n_atoms = self.encoder.theta.shape[0]
        self.readout = ReadOut(n_atoms, 10, self.rng)
        self.opt_code = tf.keras.optimizers.Adam(lr_code)
        self.opt_read = tf.keras.optimizers.Adam(lr_read)
        self.opt_code.build(self.encoder.trainable_variables)
        self.opt_read.build(self.readout.trainable_variables)
        self.read_data()

    def read_data(self):
        with np.load(os.path.join(FOLDER, "mnist_small.npz")) as f:
            flat = lambda a: a.reshape(len(a), -1).astype(np.float32) / 255.0
            self.xtr, self.ytr = flat(f["x_train"]), f["y_train"].astype(np.int32)
            self.xte, self.yte = flat(f["x_test"]), f["y_test"].astype(np.int32)

    @tf.function(reduce_retracing=True)
    def update(self, x, y):
        with tf.GradientTape(persistent=True) as tape:
            logits = self.readout(self.encoder(x))
            nll = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        for opt, part in ((self.opt_code, self.encoder), (self.opt_read, self.readout)):
            grads = tape.gradient(nll, part.trainable_variables)
            opt.apply_gradients(zip(grads, part.trainable_variables))
        return nll

    def accuracy(self):
        guess = tf.argmax(self.readout(self.encoder(self.xte)), axis=1, output_type=tf.int32)
        return float(np.mean(guess.numpy() == self.yte))

    def run(self):
        t0 = time.time()
        for e in range(self.epochs):
            order = self.rng.permutation(len(self.xtr))
            nll = 0.0
            chunks = np.split(order, len(order) // self.batch)
            for sel in chunks:
                nll += float(self.update(self.xtr[sel], self.ytr[sel])) / len(chunks)
            print("[%4.1fs] epoch %d  nll %.3f  test %.3f"
                  % (time.time() - t0, e + 1, nll, self.accuracy()))


if __name__ == "__main__":
    Experiment().run()
