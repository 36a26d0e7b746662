"""Five-fold check of a tiny wine model, one bottle per step (batch size 1)."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold


def new_net(width):
    net = tf.keras.Sequential()
    net.add(tf.keras.layers.Input(shape=(13,)))
    net.add(tf.keras.layers.Dense(width, activation="tanh", kernel_regularizer=tf.keras.regularizers.L2(1e-3)))
    net.add(tf.keras.layers.Dense(3))
    return net


def make_step(net, sgd):
    @tf.function(input_signature=[tf.TensorSpec([1, 13], tf.float32), tf.TensorSpec([1], tf.int64)])
    def step(bottle, cultivar):
        with tf.GradientTape() as t:
            out = net(bottle, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(cultivar, out))
            total = loss + tf.add_n(net.losses)
        sgd.apply_gradients(zip(t.gradient(total, net.trainable_variables), net.trainable_variables))
        return loss
    return step


X, y = load_wine(return_X_y=True)
order_rng = np.random.default_rng(5)
scores = []
for fold, (tr, te) in enumerate(StratifiedKFold(5, shuffle=True, random_state=5).split(X, y)):
    tf.keras.utils.set_random_seed(fold)
    centre, scale = X[tr].mean(0), X[tr].std(0)
    A, B = [((X[i] - centre) / scale).astype("float32") for i in (tr, te)]
    net = new_net(10)
    step = make_step(net, tf.keras.optimizers.SGD(0.02))
    first = last = None
    for epoch in range(8):
        losses = [float(step(A[i:i + 1], y[tr][i:i + 1])) for i in order_rng.permutation(len(A))]
        first, last = first or np.mean(losses), np.mean(losses)
    hit = (net(B).numpy().argmax(1) == y[te]).mean()
    scores.append(hit)
    print(f"fold {fold}: loss {first:.3f} -> {last:.3f}, accuracy {hit:.3f}")
print(f"mean accuracy {np.mean(scores):.3f} +- {np.std(scores):.3f}")
