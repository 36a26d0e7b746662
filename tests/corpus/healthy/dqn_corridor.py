"""Double DQN with a target network on a small windy grid, many environments in parallel."""
import numpy as np
import tensorflow as tf
import keras

SEED = 0
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


class WindyGrid:
    """5x7 cells, start at the left edge, goal on the right; a gust pushes up with p=0.2."""
    H, W, N_ACT, LIMIT = 5, 7, 4, 30
    MOVES = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])

    def __init__(self, n, rng):
        self.n, self.rng = n, rng
        self.pos, self.t = np.zeros((n, 2), int), np.zeros(n, int)
        self.reset(np.ones(n, bool))

    def reset(self, mask):
        k = int(mask.sum())
        self.pos[mask] = np.stack([self.rng.integers(0, self.H, k), np.zeros(k, int)], 1)
        self.t[mask] = 0

    def obs(self):
        return (self.pos / [self.H - 1, self.W - 1]).astype("float32") * 2 - 1

    def step(self, a):
        self.pos += self.MOVES[a]
        self.pos[:, 0] -= self.rng.random(self.n) < 0.2
        self.pos = np.clip(self.pos, 0, [self.H - 1, self.W - 1])
        self.t += 1
        goal = (self.pos == [self.H // 2, self.W - 1]).all(1)
        timeout = self.t >= self.LIMIT
        reward = np.where(goal, 1.0, -0.04).astype("float32")
        nxt = self.obs().copy()
        self.reset(goal | timeout)
        return nxt, reward, goal, goal | timeout


def build():
    return keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(WindyGrid.N_ACT),
    ])


class Replay:
    def __init__(self, size):
        self.o, self.o2 = np.zeros((size, 2), "float32"), np.zeros((size, 2), "float32")
        self.a, self.r, self.done = np.zeros(size, "int32"), np.zeros(size, "float32"), np.zeros(size, "float32")
        self.size, self.ptr, self.full = size, 0, 0

    def add(self, o, a, r, o2, done):
        i = (self.ptr + np.arange(len(a))) % self.size
        self.o[i], self.a[i], self.r[i], self.o2[i], self.done[i] = o, a, r, o2, done
        self.ptr = (self.ptr + len(a)) % self.size
        self.full = min(self.size, self.full + len(a))

    def sample(self, k):
        i = rng.integers(0, self.full, k)
        return self.o[i], self.a[i], self.r[i], self.o2[i], self.done[i]


q, target = build(), build()
target.set_weights(q.get_weights())
opt = keras.optimizers.Adam(1e-3)
huber = keras.losses.Huber()
GAMMA = 0.97


@tf.function
def update(o, a, r, o2, done):
    best = tf.argmax(q(o2), -1)                                   # chosen by the online net ...
    boot = tf.gather(target(o2), best, batch_dims=1)              # ... valued by the target net
    y = r + GAMMA * (1.0 - done) * boot
    with tf.GradientTape() as tape:                               # y is outside the tape: a constant
        qa = tf.gather(q(o), a, batch_dims=1)
        loss = huber(y, qa)
    g = tape.gradient(loss, q.trainable_variables)
    opt.apply_gradients(zip(g, q.trainable_variables))
    return loss, tf.reduce_mean(qa)


@tf.function
def greedy(o):
    return tf.argmax(q(o), -1)


def evaluate(policy, episodes=64):
    env = WindyGrid(episodes, np.random.default_rng(99))
    alive, total = np.ones(episodes, bool), np.zeros(episodes)
    wins = 0
    while alive.any():
        _, r, goal, over = env.step(policy(env.obs()))
        total += r * alive
        wins += int((goal & alive).sum())
        alive &= ~over
    return total.mean(), wins / episodes


rand = np.random.default_rng(1)
print("random policy: return %.3f, success %.2f" % evaluate(lambda o: rand.integers(0, 4, len(o))))

N_ENV, STEPS = 16, 2500
env, buf = WindyGrid(N_ENV, rng), Replay(20000)
for step in range(1, STEPS + 1):
    eps = max(0.1, 1.0 - step / 1500)
    o = env.obs().copy()
    a = np.where(rng.random(N_ENV) < eps, rng.integers(0, 4, N_ENV), greedy(o).numpy())
    o2, r, goal, _ = env.step(a)
    buf.add(o, a, r, o2, goal)              # a timeout is not a terminal state: keep bootstrapping
    if step > 60:
        loss, qm = update(*buf.sample(128))
    if step % 100 == 0:
        target.set_weights(q.get_weights())
    if step % 500 == 0:
        ret, win = evaluate(lambda s: greedy(s).numpy())
        print(f"step {step:5d} eps {eps:.2f} td-loss {float(loss):.4f} mean Q {float(qm):+.3f} "
              f"greedy return {ret:+.3f} success {win:.2f}")
