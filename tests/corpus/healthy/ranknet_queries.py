"""RankNet: per query, all pairwise differences by (docs, 1) - (1, docs) broadcasting; judged by NDCG@5.
Absolute scores mean nothing here, only their order within a query."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(101)
rng = np.random.default_rng(101)
DOCS, F = 20, 10
w_true = rng.normal(size=F)


def queries(n):
    """Graded relevance 0..3, mostly 0. A per-query offset is added to every feature and must be ignored."""
    x = rng.normal(size=(n, DOCS, F))
    s = x @ w_true / np.sqrt(F) + 0.8 * x[..., 0] * x[..., 1] + 0.25 * rng.normal(size=(n, DOCS))
    grade = np.digitize(s, [0.8, 1.6, 2.6])
    x = x + 0.3 * rng.normal(size=(n, 1, F))
    length = rng.integers(8, DOCS + 1, n)
    mask = np.arange(DOCS)[None] < length[:, None]
    return (x * mask[..., None]).astype("float32"), (grade * mask).astype("float32"), mask.astype("float32")


train, val = queries(1000), queries(300)

scorer = keras.Sequential([
    keras.Input((DOCS, F)),
    layers.Dense(48, activation="relu"),        # Dense acts on the last axis: every document alone
    layers.Dense(24, activation="relu"),
    layers.Dense(1, use_bias=False),
    layers.Reshape((DOCS,)),
])
opt = keras.optimizers.AdamW(2e-3, weight_decay=1e-3)


def ranknet(score, grade, mask):
    ds = score[:, :, None] - score[:, None, :]
    better = tf.cast(grade[:, :, None] > grade[:, None, :], tf.float32) * mask[:, :, None] * mask[:, None, :]
    return tf.reduce_sum(tf.nn.softplus(-ds) * better) / tf.maximum(tf.reduce_sum(better), 1.0)


@tf.function
def step(x, g, m):
    with tf.GradientTape() as tape:
        loss = ranknet(scorer(x, training=True), g, m)
    opt.apply_gradients(zip(tape.gradient(loss, scorer.trainable_variables), scorer.trainable_variables))
    return loss


def ndcg(score, grade, mask, k=5):
    disc = 1 / np.log2(np.arange(2, k + 2))
    gain = 2.0 ** grade - 1
    order = np.argsort(-np.where(mask > 0, score, -np.inf), 1)[:, :k]
    dcg = (np.take_along_axis(gain, order, 1) * disc).sum(1)
    ideal = (-np.sort(-gain, 1)[:, :k] * disc).sum(1)
    ok = ideal > 0                               # queries with no relevant document are left out
    return (dcg[ok] / ideal[ok]).mean()


print("grades in training:", np.bincount(train[1][train[2] > 0].astype(int)))
print("random order  NDCG@5 %.3f   pair loss ln 2 = %.3f" % (ndcg(rng.random(val[1].shape), val[1], val[2]), np.log(2)))
ds = tf.data.Dataset.from_tensor_slices(train).shuffle(1000, seed=3).batch(25)
for epoch in range(1, 9):
    loss = np.mean([float(step(*b)) for b in ds])
    if epoch % 2 == 0:
        sv, st = scorer(val[0]).numpy(), scorer(train[0]).numpy()
        print(f"epoch {epoch:2d}  pair loss {loss:.4f}  val {float(ranknet(sv, val[1], val[2])):.4f}  "
              f"NDCG@5 train {ndcg(st, *train[1:]):.3f} val {ndcg(sv, *val[1:]):.3f}")
