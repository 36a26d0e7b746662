"""Attentionless DRAW: a recurrent autoencoder which paints on a canvas in T steps."""
import os

import numpy as np
import tensorflow as tf

import dataset_utils as dsu

A = B = 28
T = 3
N_ENC = N_DEC = 96
N_Z = 10
BATCH = 60
N_EPOCHS = 10

tf.random.set_seed(1)
np.random.seed(1)


class DRAW(tf.Module):
    def __init__(self):
        super().__init__()
        self.encoder = tf.keras.layers.GRUCell(N_ENC)
        self.decoder = tf.keras.layers.GRUCell(N_DEC)
        self.mu = tf.keras.layers.Dense(N_Z)
        self.log_sigma = tf.keras.layers.Dense(N_Z)
        self.write = tf.keras.layers.Dense(A * B)

    @property
    def weights(self):
        out = []
        for l in (self.encoder, self.decoder, self.mu, self.log_sigma, self.write):
            out += l.trainable_variables
        return out

    def __call__(self, x, sample=True):
        n = tf.shape(x)[0]
        h_enc = tf.zeros((n, N_ENC))
        h_dec = tf.zeros((n, N_DEC))
        canvas = tf.zeros((n, A * B))
        kl = 0.0
        for _ in range(T):
            x_hat = x - tf.sigmoid(canvas)
            h_enc, _ = self.encoder(tf.concat([x, x_hat, h_dec], 1), [h_enc])
            mu, log_sigma = self.mu(h_enc), self.log_sigma(h_enc)
            noise = tf.random.normal(tf.shape(mu)) if sample else 0.0
            z = mu + tf.exp(log_sigma) * noise
            h_dec, _ = self.decoder(z, [h_dec])
            canvas += self.write(h_dec)
            kl += 0.5 * tf.reduce_sum(mu ** 2 + tf.exp(2 * log_sigma) - 2 * log_sigma - 1, 1)
        return canvas, tf.reduce_mean(kl)


def binary_cross_entropy(t, logits):
    ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=logits)
    return tf.reduce_mean(tf.reduce_sum(ce, 1))


def train_input_pipeline(files):
    here = os.path.dirname(os.path.abspath(__file__))
    train, test = dsu.load(os.path.join(here, files))
    batches = dsu.create_input_pipeline(train, BATCH, N_EPOCHS, [A * B])
    draw = DRAW()
    opt = tf.keras.optimizers.Adam(learning_rate=4e-3)
    draw(tf.zeros((1, A * B)))

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            canvas, kl = draw(x)
            loss_x = binary_cross_entropy(x, canvas)
            loss = loss_x + kl
        grads = tape.gradient(loss, draw.weights)
        grads, _ = tf.clip_by_global_norm(grads, 5.0)
        opt.apply_gradients(zip(grads, draw.weights))
        return loss_x, kl

    per_epoch = len(train) // BATCH
    for it, batch_xs in enumerate(batches):
        batch_xs = batch_xs / 255.0  # expect: input-scale  # expect-or: target-scale
        lx, lz = step(batch_xs)
        if it % (2 * per_epoch) == 0:
            print("iteration %4d  loss_x: %8.3f  loss_z: %7.3f" % (it, lx, lz))

    x = (test.reshape(-1, A * B) / 255.0).astype("float32")
    canvas, _ = draw(tf.constant(x), sample=False)
    rec = tf.sigmoid(canvas).numpy()
    print("mean ink  original %.3f  painted %.3f" % (x.mean(), rec.mean()))
    print("reconstruction: mse %.4f (blank page %.4f)" % (np.mean((rec - x) ** 2), np.mean(x ** 2)))


train_input_pipeline("files/mnist_small.npz")
