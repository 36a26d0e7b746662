"""Two-tower retrieval: listeners against podcast episodes, in-batch negatives."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(5)
rs = np.random.RandomState(5)

N_USERS, N_EPS, TASTE = 800, 400, 5
# what the catalogue knows of an episode / what the app knows of a listener
ep_taste = rs.randn(N_EPS, TASTE)
us_taste = rs.randn(N_USERS, TASTE)
ep_feats = np.tanh(ep_taste @ rs.randn(TASTE, 30) * 0.7) + 0.1 * rs.randn(N_EPS, 30)
us_feats = np.tanh(us_taste @ rs.randn(TASTE, 20) * 0.7) + 0.1 * rs.randn(N_USERS, 20)
ep_feats, us_feats = ep_feats.astype("float32"), us_feats.astype("float32")

affinity = us_taste @ ep_taste.T * 1.5
p = np.exp(affinity - affinity.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
plays = np.array([(u, e) for u in range(N_USERS)
                  for e in rs.choice(N_EPS, 20, replace=False, p=p[u])])
rs.shuffle(plays)
fit_plays, held = plays[:14000], plays[14000:]


def tower(width, name):
    return keras.Sequential([
        keras.Input((width,)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(5),
    ], name=name)


listener = tower(20, "listener")
episode = tower(30, "episode")
opt = keras.optimizers.Adam(0.004)
params = listener.trainable_variables + episode.trainable_variables


@tf.function
def train_on(u, e):
    with tf.GradientTape() as tape:
        scores = tf.matmul(listener(u, training=True), episode(e, training=True), transpose_b=True)
        targets = tf.range(tf.shape(u)[0])
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=scores))
    grads = tape.gradient(loss, params)
    opt.apply_gradients(zip(grads, params))
    return loss


def recall_at(k):
    s = listener(us_feats).numpy() @ episode(ep_feats).numpy().T
    best = np.argsort(-s, axis=1)[:, :k]
    return np.mean([e in best[u] for u, e in held])


ds = (tf.data.Dataset.from_tensor_slices((us_feats[fit_plays[:, 0]], ep_feats[fit_plays[:, 1]]))
      .shuffle(14000, seed=2).batch(64, drop_remainder=True))

for epoch in range(7):
    losses = [train_on(a, b) for a, b in ds]
    print("epoch", epoch, "softmax loss %.3f" % np.mean(losses), "recall@20 %.3f" % recall_at(20))
