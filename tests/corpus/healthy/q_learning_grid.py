"""Deep Q-learning on a 5x5 grid with a pit, with a target network and replay memory."""
import random
from collections import deque

import numpy as np
import tensorflow as tf

SIZE, GOAL, PIT, GAMMA = 5, (4, 4), (2, 2), 0.95
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
random.seed(7)
np.random.seed(7)
tf.random.set_seed(7)


class Grid:
    def reset(self):
        self.pos, self.t = (0, 0), 0
        return self.observe()

    def observe(self):
        o = np.zeros(SIZE * SIZE, "float32")
        o[self.pos[0] * SIZE + self.pos[1]] = 1
        return o

    def step(self, a):
        r, c = self.pos[0] + MOVES[a][0], self.pos[1] + MOVES[a][1]
        self.pos = (min(max(r, 0), SIZE - 1), min(max(c, 0), SIZE - 1))
        self.t += 1
        if self.pos == GOAL:
            return self.observe(), 10.0, True, False
        if self.pos == PIT:
            return self.observe(), -5.0, True, False
        return self.observe(), -0.1, False, self.t >= 40


def make_net():
    return tf.keras.Sequential([
        tf.keras.Input((SIZE * SIZE,)),
        tf.keras.layers.Dense(48, activation="relu"),
        tf.keras.layers.Dense(4),
    ])


class Agent:
    def __init__(self):
        self.q, self.target = make_net(), make_net()
        self.sync()
        self.memory = deque(maxlen=4000)
        self.opt = tf.keras.optimizers.Adam(2e-3)

    def sync(self):
        self.target.set_weights(self.q.get_weights())

    def act(self, s, eps):
        return random.randrange(4) if random.random() < eps else int(np.argmax(self.values(s[None])[0]))

    @tf.function(reduce_retracing=True)
    def values(self, s):
        return self.q(s)

    @tf.function
    def update(self, s, a, r, s2, done):
        goal = r + GAMMA * (1.0 - done) * tf.reduce_max(self.target(s2), axis=1)
        with tf.GradientTape() as tape:
            chosen = tf.reduce_sum(self.q(s) * tf.one_hot(a, 4), axis=1)
            loss = tf.reduce_mean(tf.square(goal - chosen))
        g = tape.gradient(loss, self.q.trainable_variables)
        self.opt.apply_gradients(zip(g, self.q.trainable_variables))
        return loss

    def learn(self, batch=64):
        s, a, r, s2, d = zip(*random.sample(self.memory, batch))
        return self.update(np.array(s), np.array(a, "int32"), np.array(r, "float32"),
                           np.array(s2), np.array(d, "float32"))


env, agent = Grid(), Agent()


def play(policy, episodes=20):
    gained = []
    for _ in range(episodes):
        s, total, over = env.reset(), 0.0, False
        while not over:
            s, r, done, late = env.step(policy(s))
            total, over = total + r, done or late
        gained.append(total)
    return float(np.mean(gained))


random_return = play(lambda s: random.randrange(4), 100)
steps, losses = 0, []
for episode in range(200):
    s, over = env.reset(), False
    eps = max(0.1, 1 - episode / 80)
    while not over:
        a = agent.act(s, eps)
        s2, r, done, late = env.step(a)
        agent.memory.append((s, a, r, s2, float(done)))
        s, over, steps = s2, done or late, steps + 1
        if len(agent.memory) >= 100:
            losses.append(float(agent.learn()))
        if steps % 200 == 0:
            agent.sync()
    if episode % 20 == 19:
        print(f"episode {episode + 1:3d}  td loss {np.mean(losses[-100:]):.3f}  greedy return {play(lambda s: agent.act(s, 0), 1):+.2f}")

print(f"greedy return {play(lambda s: agent.act(s, 0)):+.2f}; random policy {random_return:+.2f}; best possible {10 - 0.7:+.2f}")
