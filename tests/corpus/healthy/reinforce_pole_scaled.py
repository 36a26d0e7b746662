"""REINFORCE with a running baseline on a home-made cart-pole (16 carts at once)."""
import numpy as np
import tensorflow as tf

np.random.seed(1)
tf.random.set_seed(1)
ENVS, HORIZON, GAMMA = 16, 150, 0.98
UNIT = np.array([1.0, 0.5, 5.0, 0.5])       # brings the four readings to about one


class Carts:
    def __init__(self, n):
        self.n = n

    def look(self):
        return (self.s * UNIT).astype("float32")

    def reset(self):
        self.s = np.random.uniform(-0.05, 0.05, (self.n, 4))
        self.alive = np.ones(self.n, bool)
        return self.look()

    def step(self, a):
        x, v, th, w = self.s.T
        f = np.where(a == 1, 10.0, -10.0)
        c, s = np.cos(th), np.sin(th)
        tmp = (f + 0.05 * w ** 2 * s) / 1.1
        acc_th = (9.8 * s - c * tmp) / (0.5 * (4 / 3 - 0.1 * c ** 2 / 1.1))
        acc_x = tmp - 0.05 * acc_th * c / 1.1
        dt = 0.02
        nxt = np.stack([x + dt * v, v + dt * acc_x, th + dt * w, w + dt * acc_th], 1)
        self.s = np.where(self.alive[:, None], nxt, self.s)
        reward = self.alive.astype("float32")
        self.alive &= (np.abs(self.s[:, 0]) < 2.4) & (np.abs(self.s[:, 2]) < 0.21)
        return self.look(), reward


body = tf.keras.layers.Dense(32, activation="tanh", kernel_initializer=tf.keras.initializers.Orthogonal(1.4, seed=2))
head = tf.keras.layers.Dense(2, kernel_initializer="zeros")
policy = tf.keras.Sequential([tf.keras.Input((4,)), body, head])
opt = tf.keras.optimizers.Adam(0.02)


def probs(obs):
    (w0, b0), (w1, b1) = body.get_weights(), head.get_weights()
    z = np.tanh(obs @ w0 + b0) @ w1 + b1
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


@tf.function(reduce_retracing=True)
def improve(states, actions, advantage, weight):
    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(policy(states))
        chosen = tf.gather(logp, actions, axis=1, batch_dims=1)
        n = tf.reduce_sum(weight)
        entropy = -tf.reduce_sum(weight * tf.reduce_sum(tf.exp(logp) * logp, 1)) / n
        objective = tf.reduce_sum(weight * chosen * advantage) / n + 0.005 * entropy
        loss = -objective
    g = tape.gradient(loss, policy.trainable_variables)
    opt.apply_gradients(zip(g, policy.trainable_variables))
    return loss, entropy


env = Carts(ENVS)
curve = []
for update in range(1, 46):
    s = env.reset()
    S, A, R, M = [], [], [], []
    for _ in range(HORIZON):
        M.append(env.alive.astype("float32"))
        p = probs(s)
        a = (np.random.rand(ENVS) < p[:, 1]).astype("int32")
        S.append(s)
        A.append(a)
        s, r = env.step(a)
        R.append(r)
        if not env.alive.any():
            break
    R, M = np.array(R), np.array(M)
    G = np.zeros_like(R)
    acc = np.zeros(ENVS)
    for t in reversed(range(len(R))):
        acc = R[t] + GAMMA * acc
        G[t] = acc
    base = (G * M).sum() / M.sum()
    spread = np.sqrt((((G - base) ** 2) * M).sum() / M.sum()) + 1e-6
    adv = ((G - base) / spread).astype("float32")
    loss, ent = improve(tf.constant(np.concatenate(S)), tf.constant(np.concatenate(A)),
                        tf.constant(adv.reshape(-1)), tf.constant(M.reshape(-1)))
    curve.append(R.sum(0).mean())
    if update == 1 or update % 5 == 0:
        print(f"update {update:3d}  mean length {np.mean(curve[-5:]):6.1f}  surrogate {float(loss):+.4f}  entropy {float(ent):.3f}")

s = env.reset()
total = np.zeros(ENVS)
for _ in range(HORIZON):
    s, r = env.step(probs(s).argmax(1))
    total += r
print(f"start {np.mean(curve[:3]):.1f} -> end {np.mean(curve[-5:]):.1f}; greedy {total.mean():.1f} of {HORIZON}")
