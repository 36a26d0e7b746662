# disease progression after one year, small two-layer net without keras
import pathlib
import numpy as np
import pandas as pd
import tensorflow as tf

tf.random.set_seed(0)
df = pd.read_csv(pathlib.Path(__file__).with_name("diabetes.csv"))
df = df.sample(frac=1.0, random_state=2).reset_index(drop=True)
n_train = 340


def zscore(frame):
    ref = frame.iloc[:n_train]
    return ((frame - ref.mean()) / ref.std()).astype("float32")


feats = zscore(df.drop(columns="progress")).to_numpy()
goal = zscore(df["progress"]).to_numpy()

H = 12
params = {
    "W1": tf.Variable(tf.random.normal([feats.shape[1], H], stddev=0.3)),
    "b1": tf.Variable(tf.zeros([H])),
    "W2": tf.Variable(tf.random.normal([H, 1], stddev=0.3)),
    "b2": tf.Variable(tf.zeros([1])),
}


def forward(x):
    h = tf.tanh(x @ params["W1"] + params["b1"])
    return h @ params["W2"] + params["b2"]


def pseudo_huber(err, delta=1.5):
    return delta ** 2 * (tf.sqrt(1.0 + tf.square(err / delta)) - 1.0)


@tf.function
def update(x, y, lr):
    with tf.GradientTape() as tape:
        err = forward(x) - y[:, None]
        loss = tf.reduce_mean(pseudo_huber(err))
    grads = tape.gradient(loss, params)
    for k in params:
        params[k].assign_sub(lr * grads[k])
    return loss


batches = (tf.data.Dataset.from_tensor_slices((feats[:n_train], goal[:n_train]))
           .shuffle(n_train, seed=1).batch(34))
for epoch in range(60):
    for xb, yb in batches:
        loss = update(xb, yb, tf.constant(0.05))
    if epoch % 15 == 0:
        print(epoch, float(loss))

pred = forward(feats[n_train:]).numpy().ravel()
true = goal[n_train:].ravel()
r2 = 1 - ((pred - true) ** 2).sum() / ((true - true.mean()) ** 2).sum()
print("held-out R2 = %.3f   spread of predictions = %.3f" % (r2, pred.std()))
