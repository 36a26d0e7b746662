import numpy as np
import tensorflow as tf

SIZE = 4
GOAL = (3, 3)
PITS = {(1, 2), (3, 0)}
MOVES = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])
SLIP = 0.1
HORIZON = 30
GAMMA = 0.97

np.random.seed(21)
tf.random.set_seed(21)
PIT_MAP = np.zeros((SIZE, SIZE), bool)
for p in PITS:
    PIT_MAP[p] = True


class Grid:
    """A batch of windy gridworlds that advance together."""

    def __init__(self, n):
        self.pos = np.zeros((n, 2), int)
        self.alive = np.ones(n, bool)

    def observe(self):
        flat = self.pos[:, 0] * SIZE + self.pos[:, 1]
        return np.eye(SIZE * SIZE, dtype=np.float32)[flat]

    def step(self, action):
        slipped = np.random.rand(len(action)) < SLIP
        action = np.where(slipped, np.random.randint(4, size=len(action)), action)
        moved = np.clip(self.pos + MOVES[action], 0, SIZE - 1)
        self.pos = np.where(self.alive[:, None], moved, self.pos)
        win = (self.pos == GOAL).all(1) & self.alive
        fell = PIT_MAP[self.pos[:, 0], self.pos[:, 1]] & self.alive
        reward = np.where(self.alive, -0.02, 0.0) + win * 1.0 - fell * 0.5
        self.alive &= ~(win | fell)
        return reward, win


policy = tf.keras.Sequential([
    tf.keras.layers.Input((SIZE * SIZE,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(4, kernel_initializer=tf.keras.initializers.RandomNormal(0, 0.01)),
])
optimizer = tf.keras.optimizers.Adam(0.01)
logits_of = tf.function(lambda s: policy(s))


def rollout(n, greedy=False, uniform=False):
    env = Grid(n)
    S, A, R, M = [], [], [], []
    success = np.zeros(n, bool)
    for _ in range(HORIZON):
        s, mask = env.observe(), env.alive.copy()
        z = logits_of(s).numpy()
        if uniform:
            a = np.random.randint(4, size=n)
        elif greedy:
            a = z.argmax(1)
        else:
            a = (z + np.random.gumbel(size=z.shape)).argmax(1)
        r, win = env.step(a)
        success |= win
        S.append(s), A.append(a), R.append(r), M.append(mask)
    return np.array(S), np.array(A), np.array(R), np.array(M), success


@tf.function
def learn(s, a, adv, weight, beta):
    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(policy(s))
        chosen = tf.gather(logp, a, batch_dims=1)
        entropy = -tf.reduce_sum(tf.exp(logp) * logp, axis=1)
        total = tf.reduce_sum(weight)
        loss = -tf.reduce_sum(weight * (chosen * adv + beta * entropy)) / total
    grads = tape.gradient(loss, policy.trainable_variables)
    optimizer.apply_gradients(zip(grads, policy.trainable_variables))
    return loss, tf.reduce_sum(weight * entropy) / total


for it in range(160):
    S, A, R, M, success = rollout(64)
    G = np.zeros_like(R)
    acc = np.zeros(R.shape[1])
    for t in reversed(range(HORIZON)):
        acc = R[t] + GAMMA * acc
        G[t] = acc
    base = (G * M).sum(1, keepdims=True) / np.maximum(M.sum(1, keepdims=True), 1)
    adv = (G - base) * M
    adv /= np.sqrt((adv ** 2).sum() / M.sum()) + 1e-6
    loss, ent = learn(tf.constant(S.reshape(-1, SIZE * SIZE)),
                      tf.constant(A.reshape(-1), tf.int32),
                      tf.constant(adv.reshape(-1), tf.float32),
                      tf.constant(M.reshape(-1), tf.float32),
                      tf.constant(0.05 * (1 - it / 160), tf.float32))
    if it % 20 == 19:
        print(f"iter {it + 1:3d}  surrogate {loss:+.3f}  entropy {ent:.2f}  "
              f"return {R.sum(0).mean():+.2f}  success {success.mean():.2f}")

for tag, kw in (("random", dict(uniform=True)), ("greedy", dict(greedy=True))):
    _, _, R, _, ok = rollout(1000, **kw)
    print(f"{tag} policy over 1000 fresh episodes: return {R.sum(0).mean():+.3f}, success {ok.mean():.3f}")
