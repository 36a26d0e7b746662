import argparse

import numpy as np
import tensorflow as tf

from environment import CouponShop

parser = argparse.ArgumentParser(description="REINFORCE with a running baseline")
parser.add_argument("--iterations", type=int, default=60)
parser.add_argument("--rollouts", type=int, default=8, help="rollouts in an iteration")
parser.add_argument("--visitors", type=int, default=64, help="visitors in a rollout")
parser.add_argument("--accum", type=int, default=16, help="rollouts in an update")  # expect: update-missing
parser.add_argument("--lr", type=float, default=0.02)
parser.add_argument("--entropy", type=float, default=0.005)
args = parser.parse_args()

tf.keras.utils.set_random_seed(0)
shop = CouponShop(seed=1)

policy = tf.keras.Sequential([
    tf.keras.layers.Input((shop.n_features,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(shop.n_coupons),
])
optimizer = tf.keras.optimizers.Adam(args.lr)


class GradientBuffer:
    def __init__(self, variables):
        self.slots = [tf.Variable(tf.zeros_like(v), trainable=False) for v in variables]
        self.count = 0

    def add(self, grads):
        for slot, g in zip(self.slots, grads):
            slot.assign_add(g)
        self.count += 1

    def clear(self):
        for slot in self.slots:
            slot.assign(tf.zeros_like(slot))
        self.count = 0

    def mean(self):
        return [slot / self.count for slot in self.slots]


@tf.function
def surrogate_gradient(states, actions, advantage):
    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(policy(states, training=True))
        chosen = tf.gather(logp, actions, axis=1, batch_dims=1)
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=1))
        loss = -tf.reduce_mean(advantage * chosen) - args.entropy * entropy
    return loss, tape.gradient(loss, policy.trainable_variables)


@tf.function
def act(states):
    return tf.random.categorical(policy(states), 1, dtype=tf.int32)[:, 0]


def greedy_rate(n=2000):
    env = CouponShop(seed=12345)
    states = env.visitors(n)
    coupons = tf.argmax(policy(states), axis=1).numpy()
    return env.show(states, coupons).mean()


buffer = GradientBuffer(policy.trainable_variables)
baseline = 0.0
for it in range(args.iterations):
    buffer.clear()
    rewards, losses = [], []
    for k in range(args.rollouts):
        states = shop.visitors(args.visitors)
        actions = act(states).numpy()
        reward = shop.show(states, actions)
        baseline = 0.95 * baseline + 0.05 * reward.mean()
        loss, grads = surrogate_gradient(states, actions, reward - np.float32(baseline))
        buffer.add(grads)
        if (k + 1) % args.accum == 0:  # expect-or: update-missing
            optimizer.apply_gradients(zip(buffer.mean(), policy.trainable_variables))
            buffer.clear()
        rewards.append(reward.mean())
        losses.append(float(loss))
    if it % 10 == 9:
        print("iteration %3d  surrogate %+.4f  buys %.3f  greedy buys %.3f"
              % (it + 1, np.mean(losses), np.mean(rewards), greedy_rate()))
