"""Contextual bandit with REINFORCE and a running baseline."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(12)
env = np.random.default_rng(12)
N_CTX, N_ARMS = 6, 4
THETA = env.normal(size=(N_CTX, N_ARMS))


def contexts(n):
    return env.normal(size=(n, N_CTX)).astype("float32")


def pull(ctx, arms):
    p = 1 / (1 + np.exp(-2 * (ctx @ THETA)))
    return (env.random(len(arms)) < p[np.arange(len(arms)), arms]).astype("float32"), p.max(1).mean(), p.mean()


class Policy(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.h = tf.keras.layers.Dense(32, activation="tanh")
        self.logits = tf.keras.layers.Dense(N_ARMS)

    def call(self, s):
        return self.logits(self.h(s))


policy = Policy()
opt = tf.keras.optimizers.Adam(5e-3)


@tf.function
def act(s):
    return tf.random.categorical(policy(s), 1)[:, 0]


@tf.function
def update(s, a, adv):
    with tf.GradientTape() as tape:
        logits = policy(s)
        logp = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=a, logits=logits)
        probs = tf.nn.softmax(logits)
        entropy = -tf.reduce_mean(tf.reduce_sum(probs * tf.nn.log_softmax(logits), -1))
        objective = tf.reduce_mean(logp * adv) + 0.002 * entropy
        loss = -objective
    g = tape.gradient(loss, policy.trainable_variables)
    opt.apply_gradients(zip(g, policy.trainable_variables))
    return loss


baseline = 0.5
log = []
for it in range(1500):
    s = contexts(128)
    a = act(tf.constant(s))
    r, best, uniform = pull(s, a.numpy())
    update(tf.constant(s), a, tf.constant(r - baseline))
    baseline = 0.95 * baseline + 0.05 * r.mean()
    log.append((r.mean(), best, uniform))
    if (it + 1) % 250 == 0:
        m = np.mean(log[-250:], axis=0)
        print(f"iter {it + 1}: reward {m[0]:.3f}   oracle {m[1]:.3f}   random {m[2]:.3f}")
