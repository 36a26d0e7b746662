"""REINFORCE with a learned baseline on a contextual bandit.

Each visitor is described by 6 numbers; one of 5 offers suits them best.  The reward of
the chosen offer is noisy.  The surrogate loss (-advantage * log-probability) hovers about
zero and tells nothing; the mean reward per batch is what must rise.
"""
import argparse

import numpy as np
import tensorflow as tf


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--steps", type=int, default=1500)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--entropy", type=float, default=0.01)
    p.add_argument("--seed", type=int, default=21)
    return p.parse_args()


class Bandit:
    def __init__(self, rng, n_features=6, n_arms=5):
        self.rng = rng
        self.taste = rng.normal(size=(n_features, n_arms)).astype("float32")
        self.n_features = n_features

    def visitors(self, n):
        return self.rng.normal(size=(n, self.n_features)).astype("float32")

    def means(self, x):
        return np.tanh(x @ self.taste)

    def reward(self, x, arm):
        mean = self.means(x)[np.arange(len(x)), arm]
        return (mean + self.rng.normal(0, 0.5, len(x))).astype("float32")


class Agent(tf.Module):
    def __init__(self, n_features, n_arms, entropy):
        super().__init__()
        self.body = tf.keras.layers.Dense(64, activation="tanh")
        self.policy = tf.keras.layers.Dense(n_arms, kernel_initializer="zeros")
        self.value = tf.keras.layers.Dense(1)
        self.entropy = entropy
        self.logits(tf.zeros((1, n_features))), self.value(tf.zeros((1, n_features)))
        self.actor_vars = self.body.trainable_variables + self.policy.trainable_variables
        self.actor_opt = tf.keras.optimizers.Adam(5e-3)
        self.critic_opt = tf.keras.optimizers.SGD(0.05)

    def logits(self, x):
        return self.policy(self.body(x))

    @tf.function
    def act(self, x):
        return tf.random.categorical(self.logits(x), 1, dtype=tf.int32)[:, 0]

    @tf.function
    def update(self, x, arm, reward):
        with tf.GradientTape() as critic_tape:
            baseline = self.value(x)[:, 0]
            critic_loss = tf.reduce_mean(tf.square(reward - baseline))
        self.critic_opt.apply_gradients(zip(
            critic_tape.gradient(critic_loss, self.value.trainable_variables),
            self.value.trainable_variables))

        advantage = reward - tf.stop_gradient(baseline)
        with tf.GradientTape() as actor_tape:
            logp = tf.nn.log_softmax(self.logits(x))
            chosen = tf.gather(logp, arm, axis=1, batch_dims=1)
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=1))
            loss = -tf.reduce_mean(advantage * chosen) - self.entropy * entropy
        self.actor_opt.apply_gradients(zip(
            actor_tape.gradient(loss, self.actor_vars), self.actor_vars))
        return loss, entropy


def main():
    args = parse()
    tf.keras.utils.set_random_seed(args.seed)
    bandit = Bandit(np.random.default_rng(args.seed))
    agent = Agent(6, 5, args.entropy)
    for step in range(args.steps):
        x = bandit.visitors(args.batch)
        arm = agent.act(tf.constant(x)).numpy()
        reward = bandit.reward(x, arm)
        loss, entropy = agent.update(tf.constant(x), tf.constant(arm), tf.constant(reward))
        if step % 300 == 0 or step == args.steps - 1:
            print(f"{step:5d} reward {reward.mean():+.3f} loss {float(loss):+.4f} entropy {float(entropy):.3f}")

    x = bandit.visitors(5000)
    means = bandit.means(x)
    greedy = agent.logits(tf.constant(x)).numpy().argmax(1)
    got = means[np.arange(len(x)), greedy].mean()
    print(f"greedy reward {got:.3f}, oracle {means.max(1).mean():.3f}, random {means.mean():.3f}")


if __name__ == "__main__":
    main()
