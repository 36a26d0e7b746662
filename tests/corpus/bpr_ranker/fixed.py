"""Item ranking from implicit feedback with Bayesian personalised ranking.

Matrix factorisation with item biases; every observed (user, item) pair is paired
with one item that the user has not touched.
"""
import numpy as np
import tensorflow as tf

SEED = 77
N_USERS, N_ITEMS, DIM = 200, 120, 12
EPOCHS, BATCH = 40, 256

rng = np.random.default_rng(SEED)
tf.keras.utils.set_random_seed(SEED)


def simulate_clicks():
    """Users and items share 4 latent tastes; clicks follow the affinity."""
    u = rng.normal(size=(N_USERS, 4))
    v = rng.normal(size=(N_ITEMS, 4))
    popular = rng.normal(0, 0.7, N_ITEMS)
    score = u @ v.T + popular
    prob = 1.0 / (1.0 + np.exp(-(1.5 * score - 3.0)))
    return rng.random(prob.shape) < prob


def split_clicks(clicks, share=0.2):
    held = clicks & (rng.random(clicks.shape) < share)
    return clicks & ~held, held


class Factoriser(tf.Module):
    def __init__(self, users, items, dim):
        super().__init__()
        self.p = tf.Variable(tf.random.normal((users, dim), stddev=0.1), name="p")
        self.q = tf.Variable(tf.random.normal((items, dim), stddev=0.1), name="q")
        self.b = tf.Variable(tf.zeros((items,)), name="b")

    def score(self, user, item):
        dot = tf.reduce_sum(tf.gather(self.p, user) * tf.gather(self.q, item), axis=-1)
        return dot + tf.gather(self.b, item)

    def all_scores(self):
        return tf.matmul(self.p, self.q, transpose_b=True) + self.b


def bpr_loss(positive, negative):
    return tf.reduce_mean(tf.nn.softplus(negative - positive))


def l2(net, user, item, other):
    rows = [tf.gather(net.p, user), tf.gather(net.q, item), tf.gather(net.q, other)]
    return tf.add_n([tf.reduce_mean(tf.reduce_sum(r * r, axis=-1)) for r in rows])


def make_step(net, optimizer, weight):
    @tf.function
    def step(user, item, other):
        with tf.GradientTape() as tape:
            loss = bpr_loss(net.score(user, item), net.score(user, other))
            total = loss + weight * l2(net, user, item, other)
        variables = net.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(total, variables), variables))
        return loss

    return step


def negatives(users, clicks):
    """Rejection sampling: redraw until no pair is a click."""
    items = rng.integers(0, N_ITEMS, len(users))
    bad = clicks[users, items]
    while bad.any():
        items[bad] = rng.integers(0, N_ITEMS, bad.sum())
        bad = clicks[users, items]
    return items


def evaluate(net, train, held, k=10):
    scores = net.all_scores().numpy()
    aucs, recalls = [], []
    for user in range(N_USERS):
        wanted = np.flatnonzero(held[user])
        rest = np.flatnonzero(~train[user] & ~held[user])
        if len(wanted) == 0 or len(rest) == 0:
            continue
        aucs.append((scores[user, wanted][:, None] > scores[user, rest][None]).mean())
        ranked = np.argsort(-np.where(train[user], -np.inf, scores[user]))
        recalls.append(np.isin(ranked[:k], wanted).sum() / min(k, len(wanted)))
    return np.mean(aucs), np.mean(recalls)


def main():
    clicks = simulate_clicks()
    train, held = split_clicks(clicks)
    users, items = np.nonzero(train)
    print(f"{train.sum()} training clicks, {held.sum()} held out, density {clicks.mean():.3f}")

    net = Factoriser(N_USERS, N_ITEMS, DIM)
    step = make_step(net, tf.keras.optimizers.Adam(0.01), weight=0.01)
    for epoch in range(1, EPOCHS + 1):
        order = rng.permutation(len(users))
        others = negatives(users, train)
        losses = []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            losses.append(
                step(tf.constant(users[rows]), tf.constant(items[rows]), tf.constant(others[rows]))
            )
        if epoch % 8 == 0:
            auc, recall = evaluate(net, train, held)
            print(f"epoch {epoch:2d}  bpr {np.mean(losses):.4f}  AUC {auc:.3f}  recall@10 {recall:.3f}")


if __name__ == "__main__":
    main()
