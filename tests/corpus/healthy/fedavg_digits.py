"""FedAvg over ten clients whose digit distributions differ (Dirichlet 0.5)."""
import argparse
import numpy as np
import tensorflow as tf
from sklearn import datasets, model_selection

ap = argparse.ArgumentParser()
ap.add_argument("--rounds", type=int, default=30)
ap.add_argument("--clients", type=int, default=10)
ap.add_argument("--per-round", type=int, default=5)
ap.add_argument("--local-epochs", type=int, default=2)
ap.add_argument("--alpha", type=float, default=0.5)
args = ap.parse_args()

np.random.seed(17)
tf.random.set_seed(17)
X, y = datasets.load_digits(return_X_y=True)
X = X.astype(np.float32) / 16.0
X_pool, X_test, y_pool, y_test = model_selection.train_test_split(X, y, test_size=0.25, stratify=y, random_state=17)


def partition(labels, k, alpha):
    shares = [[] for _ in range(k)]
    for c in range(10):
        rows = np.random.permutation(np.flatnonzero(labels == c))
        cuts = (np.cumsum(np.random.dirichlet([alpha] * k)) * len(rows)).astype(int)[:-1]
        for s, part in zip(shares, np.split(rows, cuts)):
            s.extend(part)
    return [np.array(s, int) for s in shares]


clients = [c for c in partition(y_pool, args.clients, args.alpha) if len(c) >= 20]
for i, c in enumerate(clients):
    print(f"client {i}: {len(c):3d} images, per class {np.bincount(y_pool[c], minlength=10).tolist()}")


def he(i, o):
    return tf.random.normal((i, o), stddev=(2.0 / i) ** 0.5)


server = [he(64, 64), tf.zeros(64), he(64, 10), tf.zeros(10)]
local = [tf.Variable(w) for w in server]


def forward(p, x):
    return tf.nn.relu(x @ p[0] + p[1]) @ p[2] + p[3]


@tf.function(reduce_retracing=True)
def sgd(x, t, rate):
    with tf.GradientTape() as tape:
        nll = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=forward(local, x)))
    for v, g in zip(local, tape.gradient(nll, local)):
        v.assign_sub(rate * g)
    return nll


def client_update(rows, rate):
    """Start from the server's weights, a few epochs of plain SGD, send the weights back."""
    for v, w in zip(local, server):
        v.assign(w)
    losses = []
    for _ in range(args.local_epochs):
        for chunk in np.array_split(np.random.permutation(rows), max(1, len(rows) // 16)):
            losses.append(float(sgd(tf.constant(X_pool[chunk]), tf.constant(y_pool[chunk]), tf.constant(rate, tf.float32))))
    return [tf.identity(v) for v in local], np.mean(losses)


for rnd in range(args.rounds):
    rate = 0.15 * 0.96 ** rnd
    chosen = np.random.choice(len(clients), args.per_round, replace=False)
    total = sum(len(clients[i]) for i in chosen)
    mix = [tf.zeros_like(w) for w in server]
    seen = []
    for i in chosen:
        w_i, l_i = client_update(clients[i], rate)
        mix = [m + w * (len(clients[i]) / total) for m, w in zip(mix, w_i)]
        seen.append(l_i)
    server = mix
    acc = float(np.mean(tf.argmax(forward(server, X_test), 1).numpy() == y_test))
    if rnd % 3 == 0 or rnd == args.rounds - 1:
        print(f"round {rnd:2d}  clients {sorted(chosen.tolist())}  local loss {np.mean(seen):.3f}  server accuracy {acc:.3f}")

print("final server accuracy: %.4f" % acc)
