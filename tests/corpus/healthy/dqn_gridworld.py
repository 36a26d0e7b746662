import argparse, collections, random
import numpy as np, tensorflow as tf

ap = argparse.ArgumentParser(description="DQN on a slippery 6x6 grid")
ap.add_argument("--steps", type=int, default=5400)
ap.add_argument("--gamma", type=float, default=0.95)
ap.add_argument("--sync", type=int, default=150, help="target network refresh")
ap.add_argument("--seed", type=int, default=1)
opt = ap.parse_args()
random.seed(opt.seed); np.random.seed(opt.seed); tf.random.set_seed(opt.seed)

SIZE = 6
GOAL, PITS = (5, 5), {(2, 2), (3, 4), (4, 1), (1, 4)}
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]


class Grid:
    def reset(self):
        while True:
            self.pos = (random.randrange(SIZE), random.randrange(SIZE))
            if self.pos != GOAL and self.pos not in PITS:
                break
        self.t = 0
        return self.obs()

    def obs(self):
        o = np.zeros(SIZE * SIZE, np.float32)
        o[self.pos[0] * SIZE + self.pos[1]] = 1.0
        return o

    def step(self, a):
        if random.random() < 0.05:
            a = random.randrange(4)
        dr, dc = MOVES[a]
        self.pos = (min(max(self.pos[0] + dr, 0), SIZE - 1), min(max(self.pos[1] + dc, 0), SIZE - 1))
        self.t += 1
        if self.pos == GOAL:
            return self.obs(), 10.0, True
        if self.pos in PITS:
            return self.obs(), -10.0, True
        return self.obs(), -0.1, self.t >= 60


def q_net():
    return tf.keras.Sequential([
        tf.keras.Input((SIZE * SIZE,)),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(4),
    ])


online, target = q_net(), q_net()
target.set_weights(online.get_weights())
adam = tf.keras.optimizers.Adam(1e-3)
huber = tf.keras.losses.Huber()


@tf.function
def learn(s, a, r, s2, done):
    best = tf.reduce_max(target(s2), axis=1)
    y = r + opt.gamma * (1.0 - done) * best
    with tf.GradientTape() as tape:
        q = tf.reduce_sum(online(s) * tf.one_hot(a, 4), axis=1)
        loss = huber(y, q)
    adam.apply_gradients(zip(tape.gradient(loss, online.trainable_variables), online.trainable_variables))
    return loss, tf.reduce_mean(q)


ALL = tf.eye(SIZE * SIZE)


def greedy_table():
    return online(ALL).numpy().argmax(1)


def evaluate(n=200):
    table, env, wins = greedy_table(), Grid(), 0
    for _ in range(n):
        o, done = env.reset(), False
        while not done:
            o, r, done = env.step(int(table[o.argmax()]))
        wins += r == 10.0
    return wins / n


memory = collections.deque(maxlen=5000)
env = Grid()
o = env.reset()
table = greedy_table()
losses, qs = [], []
for step in range(1, opt.steps + 1):
    eps = max(0.15, 1.0 - step / 2500)
    a = random.randrange(4) if random.random() < eps else int(table[o.argmax()])
    o2, r, done = env.step(a)
    memory.append((o, a, r, o2, float(done and env.t < 60)))
    o = env.reset() if done else o2
    if step >= 300 and step % 2 == 0:
        s, aa, rr, s2, d = (np.array(v) for v in zip(*random.sample(memory, 64)))
        l, q = learn(s, aa.astype(np.int32), rr.astype(np.float32), s2, d.astype(np.float32))
        losses.append(float(l)); qs.append(float(q))
    if step % 20 == 0:
        table = greedy_table()
    if step % opt.sync == 0:
        target.set_weights(online.get_weights())
    if step % 600 == 0:
        print(f"step {step:5d}  eps {eps:.2f}  td loss {np.mean(losses[-200:]):.4f}  mean Q {np.mean(qs[-200:]):+.2f}  success {evaluate():.2f}")

print("greedy success over 1000 starts: %.3f" % evaluate(1000))
