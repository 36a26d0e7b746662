"""Siamese embedding of handwritten glyphs: same writer class -> close, else far."""
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_v2_behavior()

MARGIN = 1.0
DIM = 8
STEPS = 700


def sample_pairs(by_class, rng, n):
    """Half the pairs come from one class, half from two."""
    left, right, same = [], [], []
    for i in range(n):
        a = rng.randint(10)
        b = a if i % 2 == 0 else (a + 1 + rng.randint(9)) % 10
        left.append(by_class[a][rng.randint(len(by_class[a]))])
        right.append(by_class[b][rng.randint(len(by_class[b]))])
        same.append(float(a == b))
    return np.array(left), np.array(right), np.array(same, "float32")


def embed(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
        w1 = tf.get_variable("w1", [64, 64], initializer=tf.glorot_uniform_initializer())
        b1 = tf.get_variable("b1", [64], initializer=tf.zeros_initializer())
        w2 = tf.get_variable("w2", [64, DIM], initializer=tf.glorot_uniform_initializer())
        return tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2)


def euclid(u, v):
    sq = tf.reduce_sum(tf.square(u - v), axis=1)
    return tf.sqrt(sq)  # expect: loss-numerics


def contrastive(d, same):
    near = same * d
    far = (1.0 - same) * tf.square(tf.nn.relu(MARGIN - d))
    return tf.reduce_mean(near + far)


def main():
    rng = np.random.RandomState(3)
    tf.set_random_seed(3)
    x, y = load_digits(return_X_y=True)
    x = (x / 16.0).astype("float32")
    pools = [x[:1300][y[:1300] == c] for c in range(10)]

    xa = tf.placeholder(tf.float32, [None, 64])
    xb = tf.placeholder(tf.float32, [None, 64])
    same = tf.placeholder(tf.float32, [None])
    dist = euclid(embed(xa), embed(xb))
    loss = contrastive(dist, same)
    train_op = tf.train.AdamOptimizer(2e-3).minimize(loss)
    emb = embed(xa)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(STEPS):
            a, b, s = sample_pairs(pools, rng, 64)
            _, val = sess.run([train_op, loss], {xa: a, xb: b, same: s})
            if step % 100 == 0:
                print("step", step, "contrastive", val)
        ref, query = sess.run(emb, {xa: x[:1300]}), sess.run(emb, {xa: x[1300:]})
    d = ((query[:, None] - ref[None]) ** 2).sum(-1)
    hit = y[:1300][np.argmin(d, 1)] == y[1300:]
    print("1-NN accuracy in the embedding: %.3f" % hit.mean())


if __name__ == "__main__":
    main()
