"""Advantage actor-critic on a vectorised packet-routing toy.

64 routers in parallel. State = one-hot of current node (10 nodes) and goal
(10 nodes). Three links per node; reaching the goal pays 1, each hop costs 0.02.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 5
N_NODES, N_LINKS, N_ENVS, T = 10, 3, 64, 8
GAMMA = 0.95

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
LINKS = np.stack([(np.arange(N_NODES) + 1) % N_NODES,
                  (np.arange(N_NODES) - 1) % N_NODES,
                  (np.arange(N_NODES) + 5) % N_NODES], axis=1)


def encode(node, goal):
    eye = np.eye(N_NODES, dtype="float32")
    return np.concatenate([eye[node], eye[goal]], axis=1)


def net(n_out):
    return keras.Sequential([
        keras.Input((2 * N_NODES,)),
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(n_out),
    ])


actor, critic = net(N_LINKS), net(1)
opt_a = keras.optimizers.Adam(3e-3)
opt_c = keras.optimizers.Adam(3e-3)


def rollout():
    node = rng.integers(N_NODES, size=N_ENVS)
    goal = (node + rng.integers(1, N_NODES, size=N_ENVS)) % N_NODES
    done = np.zeros(N_ENVS, bool)
    S, A, R, M = [], [], [], []
    for _ in range(T):
        s = encode(node, goal)
        logits = policy(tf.constant(s)).numpy()
        a = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
        M.append(~done)
        nxt = LINKS[node, a]
        r = np.where(done, 0.0, np.where(nxt == goal, 1.0, 0.0) - 0.02)
        node = np.where(done, node, nxt)
        done = done | (nxt == goal)
        S.append(s), A.append(a), R.append(r)
    G, acc = [], np.zeros(N_ENVS)
    for r in reversed(R):
        acc = r + GAMMA * acc
        G.append(acc)
    G = np.stack(G[::-1])
    keep = np.stack(M).reshape(-1)
    return (np.concatenate(S)[keep], np.concatenate(A)[keep].astype("int32"),
            G.reshape(-1)[keep].astype("float32"), done.mean(), np.sum(R, axis=0).mean())


@tf.function(reduce_retracing=True)
def policy(s):
    return actor(s)


@tf.function(reduce_retracing=True)
def update(states, actions, returns):
    with tf.GradientTape(persistent=True) as tape:
        values = tf.squeeze(critic(states), axis=-1)
        advantage = returns - values
        log_pi = tf.nn.log_softmax(actor(states))
        logp = tf.reduce_sum(tf.one_hot(actions, N_LINKS) * log_pi, axis=1, keepdims=True)  # expect: loss-shape
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(log_pi) * log_pi, axis=-1))
        actor_loss = -tf.reduce_mean(logp * tf.stop_gradient(advantage)) - 0.005 * entropy  # expect-or: loss-shape
        critic_loss = tf.reduce_mean(tf.square(advantage))
    opt_a.apply_gradients(zip(tape.gradient(actor_loss, actor.trainable_variables), actor.trainable_variables))
    opt_c.apply_gradients(zip(tape.gradient(critic_loss, critic.trainable_variables), critic.trainable_variables))
    return actor_loss, critic_loss, entropy


history = []
for it in range(1, 201):
    s, a, g, solved, ret = rollout()
    al, cl, ent = update(tf.constant(s), tf.constant(a), tf.constant(g))
    history.append((solved, ret))
    if it % 20 == 0:
        sol, rt = np.mean(history[-20:], axis=0)
        print(f"iter {it:4d} | actor loss {float(al):+.4f} | critic loss {float(cl):.4f} "
              f"| entropy {float(ent):.3f} | solved {sol:.2%} | return {rt:.3f}")
print("mean return over last 20 iterations: %.3f" % np.mean([r for _, r in history[-20:]]))
