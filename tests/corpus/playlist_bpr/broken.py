"""Matrix factorisation for playlists, trained on sampled pairs (Rendle et al., 2009)."""
import numpy as np
import tensorflow as tf

SEED = 3
N_LISTENERS, N_TRACKS, DIM = 400, 250, 6
BATCH, EPOCHS = 512, 14


def simulate(rng, per_listener=60):
    taste = rng.normal(size=(N_LISTENERS, 3))
    style = rng.normal(size=(N_TRACKS, 3))
    appeal = rng.normal(scale=0.5, size=N_TRACKS)
    affinity = 1.6 * taste @ style.T + appeal
    gumbel = rng.gumbel(size=affinity.shape)
    return np.argsort(-(affinity + gumbel), axis=1)[:, :per_listener]


class Factors(tf.Module):
    def __init__(self):
        super().__init__()
        self.listener = tf.Variable(tf.random.normal([N_LISTENERS, DIM], stddev=0.1))
        self.track = tf.Variable(tf.random.normal([N_TRACKS, DIM], stddev=0.1))
        self.popularity = tf.Variable(tf.zeros([N_TRACKS]))

    def __call__(self, u, i):
        p = tf.gather(self.listener, u)
        q = tf.gather(self.track, i)
        return tf.reduce_sum(p * q, axis=-1) + tf.gather(self.popularity, i)


def pairwise(played, skipped):
    """-log sigma(s_ui - s_uj), written with softplus."""
    return tf.reduce_mean(tf.nn.softplus(played - skipped))  # expect: loss-sign


rng = np.random.default_rng(11)
tf.random.set_seed(SEED)
history = simulate(rng)
for row in history:
    rng.shuffle(row)
heard, held_out = history[:, :50], history[:, 50:]
known = np.zeros((N_LISTENERS, N_TRACKS), bool)
np.put_along_axis(known, history, True, axis=1)
never = [np.flatnonzero(~k) for k in known]

users = np.repeat(np.arange(N_LISTENERS), heard.shape[1]).astype("int32")
tracks = heard.reshape(-1).astype("int32")
model = Factors()
optimizer = tf.keras.optimizers.Adam(0.01)
optimizer.build(model.trainable_variables)


@tf.function
def step(u, i, j):
    with tf.GradientTape() as tape:
        s_i, s_j = model(u, i), model(u, j)
        penalty = sum(tf.nn.l2_loss(tf.gather(t, k)) for t, k in
                      ((model.listener, u), (model.track, i), (model.track, j)))
        loss = pairwise(s_i, s_j) + 0.01 * penalty / tf.cast(tf.size(u), tf.float32)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


def held_out_auc():
    u = np.repeat(np.arange(N_LISTENERS), held_out.shape[1])
    others = np.stack([never[k][:100] for k in range(N_LISTENERS)])
    s = model(u, held_out.reshape(-1)).numpy().reshape(held_out.shape)
    n = model(np.repeat(np.arange(N_LISTENERS), 100), others.reshape(-1)).numpy()
    n = n.reshape(others.shape)
    return float((s[:, :, None] > n[:, None, :]).mean())


for epoch in range(EPOCHS):
    order = rng.permutation(len(users))
    losses = []
    for at in range(0, len(order) - BATCH + 1, BATCH):
        pick = order[at:at + BATCH]
        u = users[pick]
        j = np.array([rng.choice(never[k]) for k in u], "int32")
        losses.append(float(step(tf.constant(u), tf.constant(tracks[pick]), tf.constant(j))))
    print(f"epoch {epoch + 1:2d}  loss {np.mean(losses):.4f}  held-out AUC {held_out_auc():.3f}")
