# Toxic or not, from SMILES-like strings: every piece of a molecule gets a learnt vector,
# convolution over the pieces, maximum, two dense layers.  TF1 code carried over to TF2.
import numpy as np
import tensorflow as tf
from sklearn.metrics import roc_auc_score

np.random.seed(29)
tf.random.set_seed(29)

ALPHABET = 'CNOFS()=#1c'
TOXIC = ['N(=O)O', 'C#N', 'S(=O)']
max_len = 40
emb_size, n_filter, n_hidden = 24, 48, 32
keep_prob = 0.9
lr, n_epoch, n_batch = 0.002, 12, 50


def molecule(toxic):
    n = np.random.randint(24, max_len + 1)
    s = ''.join(np.random.choice(list(ALPHABET), n))
    for group in TOXIC:
        s = s.replace(group, 'C' * len(group))
    if toxic:
        group = TOXIC[np.random.randint(len(TOXIC))]
        at = np.random.randint(0, n - len(group))
        s = s[:at] + group + s[at + len(group):]
    return [ALPHABET.index(c) + 1 for c in s] + [0] * (max_len - n)


def make_set(n):
    y = np.random.randint(0, 2, n)
    return np.array([molecule(t) for t in y], 'int32'), y.astype('float32')


class Model(tf.Module):
    def __init__(self):
        init = tf.keras.initializers.GlorotUniform(seed=1)
        self.emb = tf.Variable(tf.random.normal([len(ALPHABET) + 1, emb_size], stddev=0.3))
        self.conv = tf.Variable(init([6, emb_size, n_filter]))
        self.conv_b = tf.Variable(tf.zeros([n_filter]))
        self.w1 = tf.Variable(init([n_filter, n_hidden]))
        self.b1 = tf.Variable(tf.zeros([n_hidden]))
        self.w2 = tf.Variable(init([n_hidden, 1]))
        self.b2 = tf.Variable(tf.zeros([1]))

    def dropout(self, h, is_train):
        return tf.nn.dropout(h, keep_prob) if is_train else h  # expect: dropout-too-high

    def conv_model(self, x, is_train):
        h = self.dropout(tf.nn.embedding_lookup(self.emb, x), is_train)  # expect-or: dropout-too-high
        h = tf.nn.relu(tf.nn.conv1d(h, self.conv, 1, 'SAME') + self.conv_b)
        h = self.dropout(tf.reduce_max(h, axis=1), is_train)  # expect-or: dropout-too-high
        h = self.dropout(tf.nn.relu(h @ self.w1 + self.b1), is_train)  # expect-or: dropout-too-high
        return tf.squeeze(h @ self.w2 + self.b2, 1)


trn_x, trn_y = make_set(3000)
tst_x, tst_y = make_set(800)
model = Model()
opt = tf.keras.optimizers.Adam(lr)


@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        logits = model.conv_model(x, True)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
    grads = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for epoch in range(n_epoch):
    perm = np.random.permutation(len(trn_x))
    total = 0.0
    for i in range(0, len(perm), n_batch):
        rows = perm[i:i + n_batch]
        total += float(train(trn_x[rows], trn_y[rows]))
    out = model.conv_model(tst_x, False).numpy()
    print('epoch %d  trn_loss %.4f  tst_auc %.4f' % (epoch, total * n_batch / len(perm), roc_auc_score(tst_y, out)))

print('test accuracy: %.4f' % np.mean((out > 0) == (tst_y > 0.5)))
