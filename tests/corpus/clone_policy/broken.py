"""Behaviour cloning: imitate a hand-coded lander pilot from logged states.

States are (x, y, vx, vy, angle, spin), actions are
0 = coast, 1 = left thruster, 2 = main engine, 3 = right thruster.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 17
np.random.seed(SEED)
tf.random.set_seed(SEED)


def pilot(s):
    """The expert: first upright, then slow down, else coast."""
    x, y, vx, vy, angle, spin = s.T
    lean = 0.8 * angle + 0.5 * spin + 0.2 * vx + 0.1 * x
    sink = -vy - 0.4 * y
    action = np.zeros(len(s), dtype=np.int32)
    action[sink > 0.5] = 2
    action[lean > 0.6] = 1
    action[lean < -0.6] = 3
    return action


def collect(n):
    s = np.random.randn(n, 6).astype("float32")
    return s, pilot(s)


states, actions = collect(6000)
test_states, test_actions = collect(1500)


class Policy(keras.Model):
    def __init__(self, n_actions, hidden=48):
        super().__init__()
        self.body = keras.Sequential(
            [
                keras.layers.Dense(hidden, activation="tanh"),
                keras.layers.Dense(hidden, activation="tanh"),
            ]
        )
        self.head = keras.layers.Dense(n_actions)

    def call(self, s):
        return self.head(self.body(s))

    def log_prob(self, s, a):
        logp = tf.nn.log_softmax(self(s))
        return tf.gather(logp, a, axis=1, batch_dims=1)


policy = Policy(4)
opt = keras.optimizers.Adam(2e-3)


@tf.function
def update(s, a):
    with tf.GradientTape() as tape:
        objective = tf.reduce_mean(policy.log_prob(s, a))  # expect: loss-sign
    grads = tape.gradient(objective, policy.trainable_variables)  # expect-or: loss-sign
    grads, norm = tf.clip_by_global_norm(grads, 1.0)
    opt.apply_gradients(zip(grads, policy.trainable_variables))  # expect-or: loss-sign
    return objective


def agreement(s, a):
    chosen = tf.argmax(policy(s), axis=1).numpy()
    return float(np.mean(chosen == a))


batch = 64
for epoch in range(8):
    perm = np.random.permutation(len(states))
    history = []
    for i in range(0, len(perm), batch):
        rows = perm[i : i + batch]
        history.append(float(update(states[rows], actions[rows])))
    print(
        f"epoch {epoch + 1}: objective {np.mean(history):.4f}  "
        f"agreement {agreement(test_states, test_actions):.3f}"
    )

print(f"final agreement with the pilot: {agreement(test_states, test_actions):.3f}")
