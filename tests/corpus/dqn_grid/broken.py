"""Offline DQN with a target network on a 6x6 grid with walls."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)

SIZE, GOAL = 6, (5, 5)
WALLS = {(1, 1), (1, 2), (1, 3), (3, 2), (3, 3), (3, 4), (4, 1)}
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
GAMMA = 0.95
N_STATES = SIZE * SIZE


def env_step(state, action):
    r, c = divmod(state, SIZE)
    dr, dc = MOVES[action]
    nr, nc = r + dr, c + dc
    if not (0 <= nr < SIZE and 0 <= nc < SIZE) or (nr, nc) in WALLS:
        nr, nc = r, c
    if (nr, nc) == GOAL:
        return nr * SIZE + nc, 1.0, True
    return nr * SIZE + nc, -0.01, False


free = [s for s in range(N_STATES) if divmod(s, SIZE) not in WALLS and divmod(s, SIZE) != GOAL]

# replay memory filled by a uniformly random behaviour policy
memory = {k: [] for k in ("s", "a", "r", "s2", "done")}
for _ in range(4000):
    s = int(rng.choice(free))
    a = int(rng.integers(4))
    s2, r, done = env_step(s, a)
    for k, v in zip(memory, (s, a, r, s2, done)):
        memory[k].append(v)
S = np.array(memory["s"])
A = np.array(memory["a"], dtype="int32")
R = np.array(memory["r"], dtype="float32")
S2 = np.array(memory["s2"])
D = np.array(memory["done"], dtype="float32")


def make_q():
    return keras.Sequential([
        keras.Input((N_STATES,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(4),
    ])


q_net, q_target = make_q(), make_q()
q_target.set_weights(q_net.get_weights())
optimizer = keras.optimizers.Adam(2e-3)


@tf.function
def update(s, a, r, s2, done):
    s = tf.one_hot(s, N_STATES)
    s2 = tf.one_hot(s2, N_STATES)
    best_next = tf.reduce_max(q_target(s2), axis=1)
    target = r + GAMMA * (1.0 - done) * best_next  # expect-or: loss-shape
    with tf.GradientTape() as tape:
        q_sa = tf.gather(q_net(s), a[:, None], axis=1, batch_dims=1)  # expect: loss-shape
        td = tf.stop_gradient(target) - q_sa  # expect-or: loss-shape
        loss = tf.reduce_mean(tf.where(tf.abs(td) < 1.0, 0.5 * td ** 2, tf.abs(td) - 0.5))  # expect-or: loss-shape
    grads = tape.gradient(loss, q_net.trainable_variables)
    optimizer.apply_gradients(zip(grads, q_net.trainable_variables))
    return loss


for it in range(1500):
    i = rng.integers(len(S), size=128)
    loss = update(*(tf.constant(v[i]) for v in (S, A, R, S2, D)))
    if it % 50 == 0:
        q_target.set_weights(q_net.get_weights())
    if it % 300 == 299:
        print(f"iter {it + 1:5d}  td loss {float(loss):.5f}")

greedy = np.argmax(q_net(np.eye(N_STATES, dtype="float32")).numpy(), axis=1)
reached, returns = 0, []
for s0 in free:
    s, total, discount = s0, 0.0, 1.0
    for _ in range(30):
        s, r, done = env_step(s, int(greedy[s]))
        total += discount * r
        discount *= GAMMA
        if done:
            reached += 1
            break
    returns.append(total)
print(f"greedy policy: goal reached from {reached}/{len(free)} starts, mean return {np.mean(returns):.3f}")
