# -*- coding: utf-8 -*-
# subject -> (predicate, object) tagging, half-pointer half-tagging style
import random
import numpy as np
import tensorflow as tf

max_len = 24
vocab_size = 80
num_predicate = 3
batch_size = 60
epochs = 7

random.seed(2021)
np.random.seed(2021)
tf.random.set_seed(2021)


def fake_corpus(n):
    tokens = np.zeros((n, max_len), 'int32')
    lengths = np.zeros((n,), 'int32')
    s_labels = np.zeros((n, max_len, 2), 'float32')
    o_labels = np.zeros((n, max_len, num_predicate, 2), 'float32')
    for i in range(n):
        L = np.random.randint(12, max_len + 1)
        sent = np.random.randint(40, vocab_size, L)
        spots = np.random.choice(np.arange(0, L - 2, 3), 3, replace=False)
        s, others = spots[0], spots[1:]
        sent[s] = np.random.randint(1, 10)
        s_labels[i, s, 0] = 1
        s_labels[i, s + 1, 1] = 1
        for o in others:
            p = np.random.randint(num_predicate)
            sent[o] = 10 + 8 * p + np.random.randint(8)
            o_labels[i, o, p, 0] = 1
            o_labels[i, o + 1, p, 1] = 1
        tokens[i, :L] = sent
        lengths[i] = L
    return tokens, lengths, s_labels, o_labels


class Encoder(tf.keras.layers.Layer):
    def __init__(self, dim=48):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(vocab_size, dim)
        self.conv = tf.keras.layers.Conv1D(dim, 3, padding='same', activation='relu')

    def call(self, ids):
        return self.conv(self.emb(ids))


class SubjectModel(tf.keras.Model):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.out = tf.keras.layers.Dense(2, activation='sigmoid')

    def call(self, ids):
        return self.out(self.encoder(ids))


class ObjectModel(tf.keras.Model):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.hidden = tf.keras.layers.Dense(48, activation='relu')
        self.out = tf.keras.layers.Dense(num_predicate * 2, activation='sigmoid')

    def call(self, ids):
        x = self.out(self.hidden(self.encoder(ids)))
        return tf.reshape(x, (-1, max_len, num_predicate, 2))


def loss4model(t, p, l, obj=False):
    loss_value = tf.keras.losses.binary_crossentropy(t, p)
    if obj:
        loss_value = tf.reduce_sum(loss_value, axis=2)
        # only the text part counts, padding is dropped
        text = np.arange(max_len)[None, :] < l[:, None]
        return tf.reduce_mean(loss_value.numpy()[text])  # expect: gradient-disconnected
    return tf.reduce_mean(loss_value)


def f1(t, p):
    hit = np.sum((p > 0.5) * t)
    return 2 * hit / max(1.0, np.sum(p > 0.5) + np.sum(t))


tokens, lengths, s_labels, o_labels = fake_corpus(600)
v_tokens, v_lengths, v_s, v_o = fake_corpus(200)

encoder = Encoder()
subject_model = SubjectModel(encoder)
object_model = ObjectModel(encoder)
subject_model(tokens[:2]), object_model(tokens[:2])
variables = list({id(v): v for v in subject_model.trainable_variables +
                  object_model.trainable_variables}.values())
optimizer = tf.keras.optimizers.Adam(8e-3)

for epoch in range(epochs):
    order = np.random.permutation(len(tokens))
    s_sum = o_sum = 0.0
    steps = len(tokens) // batch_size
    for k in range(steps):
        idx = order[k * batch_size:(k + 1) * batch_size]
        with tf.GradientTape() as tape:
            s_pred = subject_model(tokens[idx], training=True)
            o_pred = object_model(tokens[idx], training=True)
            s_loss = loss4model(s_labels[idx], s_pred, lengths[idx])
            o_loss = loss4model(o_labels[idx], o_pred, lengths[idx], obj=True)
            loss = s_loss + o_loss
        grads = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(grads, variables))
        s_sum += float(s_loss)
        o_sum += float(o_loss)
    print('epoch %2d  loss %.4f  subject %.4f  object %.4f  val f1: subject %.3f object %.3f' % (
        epoch + 1, (s_sum + o_sum) / steps, s_sum / steps, o_sum / steps,
        f1(v_s, subject_model(v_tokens).numpy()), f1(v_o, object_model(v_tokens).numpy())))
