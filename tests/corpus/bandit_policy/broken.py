"""Policy gradient on a small trading toy: state = 6 indicators, actions = short / flat / long."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Market:
    """One-step episodes: the reward is position * next return, the return follows the indicators."""

    def __init__(self, rng):
        self.rng = rng
        self.w = np.array([0.9, -0.7, 0.0, 0.5, 0.0, -0.4])

    def observe(self, n):
        s = self.rng.normal(size=(n, 6))
        ret = np.tanh(s @ self.w + 0.6 * s[:, 0] * s[:, 3]) + 0.15 * self.rng.normal(size=n)
        return s.astype("float32"), ret.astype("float32")


class Agent:
    LR = 3e-3

    def __init__(self, n_actions=3):
        self.net = keras.Sequential([
            keras.Input((6,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(n_actions),
        ])
        self.opt = keras.optimizers.Adam(self.LR)

    def act(self, states, rng):
        p = tf.nn.softmax(self.net(states)).numpy()
        u = rng.random((len(p), 1))
        return np.minimum((p.cumsum(1) < u).sum(1), p.shape[1] - 1)

    @tf.function
    def learn(self, states, actions, rewards):
        with tf.GradientTape() as tape:
            logits = self.net(states, training=True)
            log_term = tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot(actions, 3), logits=logits)
            loss = -tf.reduce_mean(log_term * rewards)  # expect: loss-sign
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.net.trainable_variables))
        return loss


def main():
    SEED = 12
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    market, agent = Market(rng), Agent()
    test_s, test_r = Market(np.random.default_rng(SEED + 1)).observe(2000)

    for it in range(1, 501):
        s, ret = market.observe(128)
        a = agent.act(s, rng)
        pnl = (a - 1) * ret
        adv = (pnl - pnl.mean()) / (pnl.std() + 1e-6)
        loss = agent.learn(tf.constant(s), tf.constant(a, tf.int32), tf.constant(adv, tf.float32))
        if it % 50 == 0:
            print(f"iter {it}: mean reward {pnl.mean():.4f}  loss {float(loss):.4f}")

    greedy = np.argmax(agent.net(test_s).numpy(), 1) - 1
    print(f"greedy policy: reward per trade {np.mean(greedy * test_r):.4f}, "
          f"hit ratio {np.mean(np.sign(test_r) == greedy):.3f} (perfect foresight {np.abs(test_r).mean():.4f})")


if __name__ == "__main__":
    main()
