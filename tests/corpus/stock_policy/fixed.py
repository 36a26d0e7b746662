"""REINFORCE for a perishable-goods shop: how much to order each evening?"""
import os
import sys

import numpy as np
import tensorflow as tf

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shop import CAP, DAYS, ORDERS, observe, trade

SHOPS = 64           # simulated in parallel
UPDATES = 220
LR, RHO, EPS = 4e-3, 0.97, 1e-6
ENTROPY = 0.01
tf.random.set_seed(7)
rs = np.random.RandomState(7)


def dense(n, m, gain=1.0):
    return tf.Variable(rs.randn(n, m) * gain / np.sqrt(n), dtype=tf.float32), tf.Variable(tf.zeros([m]))


w1, b1 = dense(5, 32, 1.4)
w2, b2 = dense(32, int(ORDERS.shape[0]), 0.3)
params = [w1, b1, w2, b2]
cache = [tf.Variable(tf.zeros_like(p), trainable=False) for p in params]


def policy(obs):
    return tf.tanh(obs @ w1 + b1) @ w2 + b2


@tf.function
def rollout():
    stock = tf.random.uniform([SHOPS], 0.0, CAP / 2)
    seen = tf.TensorArray(tf.float32, DAYS)
    done = tf.TensorArray(tf.int32, DAYS)
    gain = tf.TensorArray(tf.float32, DAYS)
    for day in tf.range(DAYS):
        obs = observe(stock, day)
        action = tf.random.categorical(policy(obs), 1, dtype=tf.int32)[:, 0]
        stock, profit = trade(stock, action, day)
        seen, done, gain = seen.write(day, obs), done.write(day, action), gain.write(day, profit)
    return seen.stack(), done.stack(), gain.stack()


def reward_to_go(gain, discount=0.8):
    return tf.scan(lambda acc, r: r + discount * acc, gain, reverse=True)


@tf.function
def improve(seen, done, gain):
    ret = reward_to_go(gain)
    adv = ret - tf.reduce_mean(ret, axis=1, keepdims=True)
    adv /= tf.math.reduce_std(adv) + 1e-6
    with tf.GradientTape() as tape:
        logits = policy(tf.reshape(seen, [DAYS * SHOPS, 5]))
        logp = tf.nn.log_softmax(logits)
        taken = tf.gather(logp, tf.reshape(done, [-1]), batch_dims=1)
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=1))
        loss = -tf.reduce_mean(taken * tf.reshape(adv, [-1])) - ENTROPY * entropy
    grads, norm = tf.clip_by_global_norm(tape.gradient(loss, params), 1.0)
    for p, c, g in zip(params, cache, grads):
        c.assign(RHO * c + (1.0 - RHO) * tf.square(g))
        p.assign_sub(LR * g / (tf.sqrt(c) + EPS))
    return entropy, norm


recent = []
for u in range(1, UPDATES + 1):
    seen, done, gain = rollout()
    recent.append(float(tf.reduce_mean(gain)))
    entropy, norm = improve(seen, done, gain)
    if u % 20 == 0:
        print(f"update {u:4d}  profit per day {np.mean(recent[-20:]):6.3f}  entropy {float(entropy):.3f}  |g| {float(norm):.3f}")

final = np.mean([float(tf.reduce_mean(rollout()[2])) for _ in range(5)])
print(f"profit per day of the final policy: {final:.3f}")
