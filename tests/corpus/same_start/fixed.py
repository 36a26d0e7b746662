# I compare my own C implementation with keras, so both nets begin from the same exported weights.
import pathlib

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

base = pathlib.Path(__file__).parent
tf.random.set_seed(2)

data, target = load_digits(return_X_y=True)
data = (data / 16.0).astype(np.float32)
rs = np.random.RandomState(0)
perm = rs.permutation(len(data))
data, target = data[perm], target[perm]
tr_x, tr_y = data[:1400], target[:1400]
te_x, te_y = data[1400:], target[1400:]

blob = np.load(base / "start_f32.npz")
print({k: (blob[k].shape, blob[k].dtype) for k in blob.files})

params = []
for layer in (1, 2, 3):
    w = tf.Variable(blob[f"w{layer}"].astype(np.float32), name=f"w{layer}")
    b = tf.Variable(blob[f"b{layer}"].astype(np.float32), name=f"b{layer}")
    params += [w, b]


def forward(x):
    w1, b1, w2, b2, w3, b3 = params
    h = tf.tanh(tf.matmul(x, w1) + b1)
    h = tf.tanh(tf.matmul(h, w2) + b2)
    return tf.matmul(h, w3) + b3


opt = tf.keras.optimizers.Adam(learning_rate=0.002)
opt.build(params)


@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=forward(x))
        loss = tf.reduce_mean(ce)
    opt.apply_gradients(zip(tape.gradient(loss, params), params))
    return loss


def acc(x, y):
    return float(np.mean(np.argmax(forward(x).numpy(), 1) == y))


for epoch in range(1, 21):
    idx = rs.permutation(len(tr_x))
    tot = []
    for s in range(0, len(idx), 40):
        j = idx[s:s + 40]
        tot.append(float(train(tf.constant(tr_x[j]), tf.constant(tr_y[j]))))
    if epoch % 4 == 0:
        print("epoch", epoch, "loss", np.mean(tot), "train", acc(tr_x, tr_y), "test", acc(te_x, te_y))
