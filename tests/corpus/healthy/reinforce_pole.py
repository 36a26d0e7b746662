"""REINFORCE on a hand-made cart and pole (no gym here).

The number printed as "loss" is the policy surrogate: -log pi(a|s) times the return, summed
over an episode. Longer episodes make it larger; the length is what counts.
"""
import math

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(40)
rng = np.random.default_rng(40)
MAX_STEPS, GAMMA, UPDATES, PER_UPDATE = 150, 0.98, 60, 8


class CartPole:
    G, MC, MP, L, F, DT = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02

    def __init__(self, n):
        self.s = rng.uniform(-0.05, 0.05, size=(n, 4))

    def step(self, action):
        x, v, th, w = self.s.T
        force = np.where(action == 1, self.F, -self.F)
        total, pml = self.MC + self.MP, self.MP * self.L
        tmp = (force + pml * w**2 * np.sin(th)) / total
        acc_th = (self.G * np.sin(th) - np.cos(th) * tmp) / (
            self.L * (4 / 3 - self.MP * np.cos(th) ** 2 / total))
        acc_x = tmp - pml * acc_th * np.cos(th) / total
        self.s = np.stack([x + self.DT * v, v + self.DT * acc_x, th + self.DT * w, w + self.DT * acc_th], 1)
        return (np.abs(self.s[:, 0]) > 2.4) | (np.abs(self.s[:, 2]) > math.radians(12))


policy = tf.keras.Sequential([
    tf.keras.Input((4,)), tf.keras.layers.Dense(32, activation="tanh"), tf.keras.layers.Dense(2)])
optimizer = tf.keras.optimizers.Adam(0.01)
infer = tf.function(lambda s: tf.nn.softmax(policy(s)))


def rollout(n, choose):
    env, alive = CartPole(n), np.ones(n, bool)
    states, actions, masks = [], [], []
    for _ in range(MAX_STEPS):
        s = env.s.astype("float32")
        a = choose(s)
        states.append(s), actions.append(a), masks.append(alive.copy())
        alive &= ~env.step(a)
        if not alive.any():
            break
    return np.array(states), np.array(actions, "int32"), np.array(masks, "float32")


def stochastic(s):
    return (rng.random(len(s)) < infer(s).numpy()[:, 1]).astype(int)


def greedy(s):
    return infer(s).numpy().argmax(1)


@tf.function(reduce_retracing=True)
def update(states, actions, weights):
    with tf.GradientTape() as tape:
        logp = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=policy(states))
        loss = -tf.reduce_sum(logp * weights) / PER_UPDATE
    grads = tape.gradient(loss, policy.trainable_variables)
    optimizer.apply_gradients(zip(grads, policy.trainable_variables))
    return loss


random_length = rollout(100, lambda s: rng.integers(2, size=len(s)))[2].sum(0).mean()
for u in range(UPDATES):
    S, A, M = rollout(PER_UPDATE, stochastic)
    to_go, running = np.zeros_like(M), np.zeros(PER_UPDATE, "float32")
    for t in reversed(range(len(M))):
        running = M[t] + GAMMA * running * M[t]
        to_go[t] = running
    live = M.ravel() > 0
    loss = update(S.reshape(-1, 4)[live], A.ravel()[live], to_go.ravel()[live])
    if u % 5 == 0 or u == UPDATES - 1:
        print(f"update {u:3d}  loss {float(loss):8.1f}  mean length {M.sum(0).mean():6.1f}")

length = rollout(50, greedy)[2].sum(0).mean()
print(f"greedy policy stays up {length:.1f} steps of {MAX_STEPS}; random policy {random_length:.1f}")
