"""Two-layer graph convolution on a block-model graph, 20 labels per class, sharpness-aware updates."""
import numpy as np
import scipy.sparse as sp
import tensorflow as tf

SEED = 10
rng = np.random.default_rng(SEED)
tf.keras.utils.set_random_seed(SEED)

# graph
N, C, F = 900, 4, 40
cls = rng.integers(0, C, N)
prob = np.where(cls[:, None] == cls[None, :], 0.022, 0.0025)
upper = np.triu(rng.random((N, N)) < prob, 1)
A = sp.csr_matrix(upper + upper.T, dtype=np.float32)
topics = (rng.random((C, F)) < 0.25).astype(np.float32)
feat = (rng.random((N, F)) < 0.05 + 0.14 * topics[cls]).astype(np.float32)
feat /= np.maximum(feat.sum(1, keepdims=True), 1)

A_hat = A + sp.eye(N, dtype=np.float32)
dinv = sp.diags(1 / np.sqrt(np.asarray(A_hat.sum(1)).ravel()))
S = (dinv @ A_hat @ dinv).tocoo()
adj = tf.sparse.reorder(tf.SparseTensor(np.stack([S.row, S.col], 1).astype(np.int64), S.data.astype(np.float32), S.shape))

mask_tr = np.zeros(N, bool)
for c in range(C):
    mask_tr[rng.choice(np.flatnonzero(cls == c), 20, replace=False)] = True
rest = rng.permutation(np.flatnonzero(~mask_tr))
val, test = rest[:200], rest[200:]
tr = np.flatnonzero(mask_tr)
print(f"{N} nodes, {A.nnz // 2} edges, {len(tr)} labelled, mean degree {A.sum() / N:.1f}")

X = tf.constant(feat)
y = tf.constant(cls, tf.int32)
init = tf.keras.initializers.GlorotUniform(seed=SEED)
W0 = tf.Variable(init((F, 32)), name="W0")
W1 = tf.Variable(init((32, C)), name="W1")
theta = [W0, W1]


def forward(training):
    x = tf.nn.dropout(X, 0.3) if training else X
    h = tf.nn.relu(tf.sparse.sparse_dense_matmul(adj, x @ W0))
    h = tf.nn.dropout(h, 0.4) if training else h
    return tf.sparse.sparse_dense_matmul(adj, h @ W1)


def objective():
    z = tf.gather(forward(True), tr)
    ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.gather(y, tr), logits=z)
    return tf.reduce_sum(ce) / len(tr) + 1e-3 * tf.nn.l2_loss(W0)


RHO = 0.05
opt = tf.keras.optimizers.Adam(0.02)
opt.build(theta)


@tf.function
def sam_step():
    with tf.GradientTape() as tape:
        first = objective()
    g = tape.gradient(first, theta)
    scale = RHO / (tf.linalg.global_norm(g) + 1e-12)
    shift = [scale * gi for gi in g]
    for v, s in zip(theta, shift):
        v.assign_add(s)
    with tf.GradientTape() as tape:
        second = objective()
    g = tape.gradient(second, theta)
    for v, s in zip(theta, shift):
        v.assign_sub(s)
    opt.apply_gradients(zip(g, theta))
    return first, second


@tf.function
def predict():
    return tf.argmax(forward(False), 1, output_type=tf.int32)


def acc(idx):
    return np.mean(predict().numpy()[idx] == cls[idx])


best, keep = 0.0, None
for epoch in range(1, 121):
    l1, l2 = sam_step()
    v = acc(val)
    if v > best:
        best, keep = v, [w.numpy() for w in theta]
    if epoch == 1 or epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {float(l1):.3f}  perturbed {float(l2):.3f}  train {acc(tr):.3f}  val {v:.3f}")
for w, k in zip(theta, keep):
    w.assign(k)

from sklearn.linear_model import LogisticRegression
flat = LogisticRegression(C=100, max_iter=500).fit(feat[tr], cls[tr]).score(feat[test], cls[test])
print(f"test accuracy {acc(test):.3f}   (no graph, logistic regression: {flat:.3f})")
