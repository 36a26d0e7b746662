"""LambdaRank with the lambdas written out in NumPy. There is no loss, only its gradient."""
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
tf.random.set_seed(0)
Q, D, F = 260, 20, 12
TOP = 10


def make_queries(q):
    x = rng.normal(size=(q, D, F)).astype(np.float32)
    x += rng.normal(size=(q, 1, F)).astype(np.float32)        # what the documents of a query share
    rel = x[..., 0] * 1.2 - np.abs(x[..., 1]) + x[..., 2] * x[..., 3] * 0.8 + 0.5 * np.maximum(x[..., 4], 0)
    rel = rel + 0.5 * rng.normal(size=rel.shape)
    order = rel.argsort(1).argsort(1)                          # 0 = worst
    grade = np.digitize(order, [10, 14, 17, 19])               # 0..4
    return x, grade


def ndcg(scores, grades, k=TOP):
    disc = 1 / np.log2(np.arange(2, k + 2))
    by_score = np.take_along_axis(grades, (-scores).argsort(1, kind="stable"), 1)[:, :k]
    ideal = -np.sort(-grades, 1)[:, :k]
    return (((2.0 ** by_score - 1) * disc).sum(1) / ((2.0 ** ideal - 1) * disc).sum(1)).mean()


def lambdas(s, g):
    """d cost / d score for a batch of queries."""
    rank = (-s).argsort(1).argsort(1)
    disc = 1 / np.log2(rank + 2.0)
    gain = 2.0 ** g - 1
    ideal = ((2.0 ** -np.sort(-g, 1) - 1) / np.log2(np.arange(2, D + 2))).sum(1)
    delta = np.abs((gain[:, :, None] - gain[:, None, :]) * (disc[:, :, None] - disc[:, None, :])) / ideal[:, None, None]
    better = g[:, :, None] > g[:, None, :]
    push = better * delta / (1 + np.exp(s[:, :, None] - s[:, None, :]))
    return (push.sum(1) - push.sum(2)).astype(np.float32)


x_tr, g_tr = make_queries(Q)
x_te, g_te = make_queries(120)

scorer = tf.keras.Sequential([
    tf.keras.layers.Input((F,)),
    tf.keras.layers.Dense(64, activation="elu"),
    tf.keras.layers.Dense(32, activation="elu"),
    tf.keras.layers.Dense(1, use_bias=False),
])
opt = tf.keras.optimizers.Adam(2e-3)


@tf.function
def score(x):
    return tf.reshape(scorer(tf.reshape(x, [-1, F])), [-1, D])


print(f"chance NDCG@{TOP} {ndcg(rng.normal(size=g_te.shape), g_te):.3f}")
for epoch in range(24):
    size = []
    for b in np.array_split(rng.permutation(Q), 13):
        with tf.GradientTape() as tape:
            s = score(x_tr[b])
        lam = lambdas(s.numpy(), g_tr[b])
        grads = tape.gradient(s, scorer.trainable_variables, output_gradients=tf.constant(lam))
        opt.apply_gradients(zip(grads, scorer.trainable_variables))
        size.append(np.abs(lam).mean())
    if epoch % 4 == 3 or epoch == 0:
        print(f"epoch {epoch + 1:2d}  |lambda| {np.mean(size):.4f}  train {ndcg(score(x_tr).numpy(), g_tr):.3f}  "
              f"test {ndcg(score(x_te).numpy(), g_te):.3f}")

flat = lambda x: x.reshape(-1, F)
w = np.linalg.lstsq(np.c_[flat(x_tr), np.ones(Q * D)], g_tr.ravel(), rcond=None)[0]
lin = (np.c_[flat(x_te), np.ones(len(flat(x_te)))] @ w).reshape(g_te.shape)
print(f"linear regression on the grades: test {ndcg(lin, g_te):.3f}")
