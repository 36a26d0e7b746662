"""REINFORCE with a batch baseline on a numpy cart-pole, 32 poles at a time."""
import numpy as np
import tensorflow as tf

SEED = 4
np.random.seed(SEED)
tf.random.set_seed(SEED)


class CartPoles:
    def __init__(self, n, horizon=200):
        self.n, self.horizon = n, horizon

    def reset(self):
        self.s = np.random.uniform(-0.05, 0.05, (self.n, 4))
        return self.s.astype(np.float32)

    def step(self, a):
        x, v, th, w = self.s.T
        force = np.where(a == 1, 10.0, -10.0)
        c, s = np.cos(th), np.sin(th)
        tmp = (force + 0.05 * w ** 2 * s) / 1.1
        thacc = (9.8 * s - c * tmp) / (0.5 * (4.0 / 3.0 - 0.1 * c ** 2 / 1.1))
        xacc = tmp - 0.05 * thacc * c / 1.1
        self.s = np.stack([x + 0.02 * v, v + 0.02 * xacc, th + 0.02 * w, w + 0.02 * thacc], 1)
        fell = (np.abs(self.s[:, 0]) > 2.4) | (np.abs(self.s[:, 2]) > 0.2095)
        return self.s.astype(np.float32), fell


policy = tf.keras.Sequential([
    tf.keras.Input((4,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(2, kernel_initializer="zeros"),
])
optim = tf.keras.optimizers.Adam(0.02)


def act_probs(s):
    w1, b1, w2, b2 = weights
    z = np.tanh(s @ w1 + b1) @ w2 + b2
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def rollout(env, greedy=False):
    s, alive = env.reset(), np.ones(env.n, bool)
    S, A, M = [], [], []
    for _ in range(env.horizon):
        p = act_probs(s)
        a = p.argmax(1) if greedy else (np.random.rand(env.n) < p[:, 1]).astype(int)
        S.append(s), A.append(a), M.append(alive.copy())
        s, fell = env.step(a)
        alive &= ~fell
        if not alive.any():
            break
    return np.array(S), np.array(A), np.array(M, np.float32)


@tf.function(reduce_retracing=True)
def update(S, A, adv, mask):
    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(policy(S))
        chosen = tf.reduce_sum(logp * tf.one_hot(A, 2), axis=1)
        loss = -tf.reduce_sum(chosen * adv * mask) / tf.reduce_sum(mask)
    g = tape.gradient(loss, policy.trainable_variables)
    optim.apply_gradients(zip(g, policy.trainable_variables))
    return loss


env = CartPoles(32)
for it in range(1, 71):
    weights = policy.get_weights()
    S, A, M = rollout(env)
    G = np.zeros_like(M)
    acc = np.zeros(env.n, np.float32)
    for t in reversed(range(len(M))):
        acc = M[t] + 0.98 * acc * M[t]
        G[t] = acc
    keep = M > 0
    adv = (G - G[keep].mean()) / (G[keep].std() + 1e-6)
    pad = env.horizon - len(M)
    flat = [np.concatenate([z, np.zeros((pad,) + z.shape[1:], z.dtype)]).reshape((-1,) + z.shape[2:])
            for z in (S, A.astype(np.int32), adv.astype(np.float32), M)]
    loss = update(*[tf.constant(z) for z in flat])
    if it % 7 == 0:
        print(f"update {it:3d}   surrogate {float(loss):+.4f}   mean steps {M.sum(0).mean():6.1f}")

weights = policy.get_weights()
lengths = rollout(CartPoles(200), greedy=True)[2].sum(0)
print(f"greedy policy on 200 new episodes: mean {lengths.mean():.1f} of 200, full length {np.mean(lengths == 200):.0%}")
