"""REINFORCE on a small windy grid, many walkers in parallel, eager TensorFlow."""
import numpy as np
import tensorflow as tf

SIDE = 5
GOAL = (4, 4)
MOVES = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])
GAMMA = 0.95
WALKERS = 48
HORIZON = 24


class WindyGrid:
    def __init__(self, n, seed):
        self.n = n
        self.rng = np.random.default_rng(seed)

    def reset(self):
        self.pos = np.stack([self.rng.integers(0, 2, self.n), self.rng.integers(0, 2, self.n)], 1)
        self.done = np.zeros(self.n, bool)
        return self.observe()

    def observe(self):
        return np.eye(SIDE * SIDE, dtype="float32")[self.pos[:, 0] * SIDE + self.pos[:, 1]]

    def step(self, action):
        gust = self.rng.random(self.n) < 0.1
        action = np.where(gust, self.rng.integers(0, 4, self.n), action)
        moved = np.clip(self.pos + MOVES[action], 0, SIDE - 1)
        active = ~self.done
        self.pos = np.where(active[:, None], moved, self.pos)
        arrived = active & (self.pos == GOAL).all(1)
        reward = np.where(active, np.where(arrived, 1.0, -0.04), 0.0)
        self.done |= arrived
        return self.observe(), reward, active


def sample(logits, rng):
    gumbel = -np.log(-np.log(rng.random(logits.shape)))
    return (logits + gumbel).argmax(1)


def rollout(env, policy, rng):
    obs = env.reset()
    log = {"obs": [], "act": [], "rew": [], "active": []}
    for _ in range(HORIZON):
        action = sample(policy(obs).numpy(), rng)
        nxt, reward, active = env.step(action)
        for key, value in zip(log, (obs, action, reward, active)):
            log[key].append(value)
        obs = nxt
    return {k: np.stack(v) for k, v in log.items()}


def discounted(rewards):
    out = np.zeros_like(rewards)
    running = np.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        running = rewards[t] + GAMMA * running
        out[t] = running
    return out


def policy_loss(logits, actions, advantage):
    log_probs = tf.nn.log_softmax(logits)
    chosen = tf.reduce_sum(tf.one_hot(actions, 4) * log_probs, axis=1, keepdims=True)  # expect: loss-shape
    return -tf.reduce_mean(chosen * advantage)  # expect-or: loss-shape


def main():
    tf.keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    env = WindyGrid(WALKERS, seed=1)
    policy = tf.keras.Sequential([
        tf.keras.layers.Input((SIDE * SIDE,)),
        tf.keras.layers.Dense(32, activation="tanh"),
        tf.keras.layers.Dense(4),
    ])
    optimizer = tf.keras.optimizers.Adam(0.02)

    for update in range(1, 61):
        trip = rollout(env, policy, rng)
        returns = discounted(trip["rew"])
        keep = trip["active"]
        gain = returns[keep]
        advantage = ((gain - gain.mean()) / (gain.std() + 1e-6)).astype("float32")

        with tf.GradientTape() as tape:
            logits = policy(trip["obs"][keep])
            loss = policy_loss(logits, trip["act"][keep], advantage)
        grads = tape.gradient(loss, policy.trainable_variables)
        optimizer.apply_gradients(zip(grads, policy.trainable_variables))

        if update % 5 == 0:
            print("update %3d  loss %+.4f  return %+.3f  reached goal %.2f  steps %.1f"
                  % (update, float(loss), trip["rew"].sum(0).mean(), env.done.mean(), keep.sum(0).mean()))


if __name__ == "__main__":
    main()
