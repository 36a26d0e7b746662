"""DQN for a picker robot on a 5x5 warehouse floor. Shelves block some cells."""
import random
from collections import deque

import keras
import numpy as np
import tensorflow as tf

random.seed(3)
np.random.seed(3)
tf.random.set_seed(3)

FLOOR = ["S..#.",
         ".#...",
         "...#.",
         "#.#..",
         "....G"]
SIZE = 5
MOVES = [(-1, 0), (0, 1), (1, 0), (0, -1)]
GOAL = (4, 4)
GAMMA = 0.95


def free_cells():
    return [(r, c) for r in range(SIZE) for c in range(SIZE)
            if FLOOR[r][c] != "#" and (r, c) != GOAL]


def encode(cell):
    v = np.zeros(SIZE * SIZE, np.float32)
    v[cell[0] * SIZE + cell[1]] = 1.0
    return v


def step(cell, a):
    r, c = cell[0] + MOVES[a][0], cell[1] + MOVES[a][1]
    if not (0 <= r < SIZE and 0 <= c < SIZE) or FLOOR[r][c] == "#":
        return cell, -0.1, False
    if (r, c) == GOAL:
        return (r, c), 1.0, True
    return (r, c), -0.02, False


def build():
    return keras.Sequential([
        keras.layers.Input((SIZE * SIZE,)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(4),
    ])


online, target = build(), build()
target.set_weights(online.get_weights())
adam = keras.optimizers.Adam(2e-3)
adam.build(online.trainable_variables)


@tf.function
def greedy(state):
    return tf.argmax(online(state), axis=1)


@tf.function
def learn(s, a, r, s2, done):
    a2 = tf.argmax(online(s2), axis=1)
    q2 = tf.gather(target(s2), a2, axis=1, batch_dims=1)
    goal = r + GAMMA * (1.0 - done) * q2
    with tf.GradientTape() as tape:
        q = tf.gather(online(s), a, axis=1, batch_dims=1)
        err = goal - q
        loss = tf.reduce_mean(tf.where(tf.abs(err) < 1.0, 0.5 * err ** 2, tf.abs(err) - 0.5))
    grads = tape.gradient(loss, online.trainable_variables)
    grads, _ = tf.clip_by_global_norm(grads, 5.0)
    adam.apply_gradients(zip(grads, online.trainable_variables))
    return loss


memory = deque(maxlen=4000)
returns, losses, ticks = [], [], 0
starts = free_cells()
for episode in range(1, 201):
    eps = max(0.05, 1.0 - episode / 120)
    cell, total = random.choice(starts), 0.0
    for _ in range(30):
        if random.random() < eps:
            a = random.randrange(4)
        else:
            a = int(greedy(tf.constant(encode(cell)[None]))[0])
        nxt, r, done = step(cell, a)
        memory.append((encode(cell), a, r, encode(nxt), float(done)))
        total += r
        cell = nxt
        ticks += 1
        if len(memory) >= 200:
            s, b, rr, s2, d = zip(*random.sample(memory, 32))
            losses.append(float(learn(
                tf.constant(np.stack(s)), tf.constant(b, tf.int32),
                tf.constant(rr, tf.float32), tf.constant(np.stack(s2)),
                tf.constant(d, tf.float32))))
        if ticks % 100 == 0:
            target.set_weights(online.get_weights())
        if done:
            break
    returns.append(total)
    if episode % 25 == 0:
        print(f"episode {episode:3d} eps {eps:.2f} return(25) {np.mean(returns[-25:]):+.3f} "
              f"td loss {np.mean(losses[-200:]):.4f}")

ok, lengths = 0, []
for start in starts:
    cell = start
    for n in range(1, 31):
        cell, _, done = step(cell, int(greedy(tf.constant(encode(cell)[None]))[0]))
        if done:
            ok += 1
            lengths.append(n)
            break
print(f"greedy policy reaches the goal from {ok}/{len(starts)} cells, mean path {np.mean(lengths):.1f}")
q_all = online.predict(np.stack([encode((r, c)) for r in range(SIZE) for c in range(SIZE)]), verbose=0)
arrows = np.array(list("^>v<"))[q_all.argmax(1)].reshape(SIZE, SIZE)
for r in range(SIZE):
    print(" ".join("#" if FLOOR[r][c] == "#" else ("G" if (r, c) == GOAL else arrows[r, c]) for c in range(SIZE)))
