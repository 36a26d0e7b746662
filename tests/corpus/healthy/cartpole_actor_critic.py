"""Advantage actor-critic on a vectorised cart-pole in NumPy: two networks, two optimisers.
The policy loss is not a measure of progress (it hovers around zero); the return is."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 12
keras.utils.set_random_seed(SEED)


class CartPoles:
    """n independent cart-poles, episodes of at most 200 steps, reset on their own."""

    def __init__(self, n, seed):
        self.n, self.rng = n, np.random.default_rng(seed)
        self.s = self.rng.uniform(-.05, .05, (n, 4))
        self.t = np.zeros(n, int)

    def obs(self):
        return (self.s / [1.2, 1.5, .12, 1.5]).astype("float32")

    def step(self, a):
        x, v, th, w = self.s.T
        f = np.where(a == 1, 10., -10.)
        c, s = np.cos(th), np.sin(th)
        tmp = (f + .05 * w ** 2 * s) / 1.1
        wacc = (9.8 * s - c * tmp) / (.5 * (4 / 3 - .1 * c ** 2 / 1.1))
        acc = tmp - .05 * wacc * c / 1.1
        self.s = np.stack([x + .02 * v, v + .02 * acc, th + .02 * w, w + .02 * wacc], 1)
        self.t += 1
        fell = (np.abs(self.s[:, 0]) > 2.4) | (np.abs(self.s[:, 2]) > .2095)
        late = (self.t >= 200) & ~fell
        last = self.obs()
        done = fell | late
        length = self.t.copy()
        self.s[done] = self.rng.uniform(-.05, .05, (done.sum(), 4))
        self.t[done] = 0
        return last, fell, late, length


def mlp(out):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(64, activation="tanh"), keras.layers.Dense(out)])


actor, critic = mlp(2), mlp(1)
GAMMA, LAMBDA, ENVS, HORIZON, UPDATES = .98, .95, 64, 32, 150
decay = lambda lr: keras.optimizers.schedules.PolynomialDecay(lr, UPDATES, end_learning_rate=lr / 50)
opt_actor, opt_critic = keras.optimizers.Adam(decay(5e-3), clipnorm=.5), keras.optimizers.Adam(decay(1e-2))


@tf.function
def update(o, a, adv, ret):
    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(actor(o))
        chosen = tf.gather(logp, a, axis=1, batch_dims=1)
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, 1))
        pg = -tf.reduce_mean(chosen * adv) - .01 * entropy
    opt_actor.apply_gradients(zip(tape.gradient(pg, actor.trainable_variables), actor.trainable_variables))
    with tf.GradientTape() as tape:
        v_loss = tf.reduce_mean((critic(o)[:, 0] - ret) ** 2)
    opt_critic.apply_gradients(zip(tape.gradient(v_loss, critic.trainable_variables), critic.trainable_variables))
    return pg, v_loss


def fwd(weights, o):
    """The same networks in NumPy: acting needs no gradients."""
    w1, b1, w2, b2 = weights
    return np.tanh(o @ w1 + b1) @ w2 + b2


env, rng, lengths = CartPoles(ENVS, SEED), np.random.default_rng(SEED), []
for it in range(1, UPDATES + 1):
    O, A, NV, NT, R = [], [], [], [], []
    aw, cw = actor.get_weights(), critic.get_weights()
    for _ in range(HORIZON):
        o = env.obs()
        l = fwd(aw, o)
        a = (rng.random(ENVS) < 1 / (1 + np.exp(l[:, 0] - l[:, 1]))).astype("int32")
        last, fell, late, length = env.step(a)
        O.append(o); A.append(a); R.append((fell, late)); NV.append(fwd(cw, last)[:, 0])
        lengths += list(length[fell | late])
    V = fwd(cw, np.concatenate(O))[:, 0].reshape(HORIZON, ENVS)
    adv, run = np.zeros((HORIZON, ENVS)), np.zeros(ENVS)
    for k in reversed(range(HORIZON)):
        fell, late = R[k]
        # a fall has no future; a time limit is cut off but keeps its value estimate; reward .1 per step
        delta = .1 + GAMMA * NV[k] * ~fell - V[k]
        run = delta + GAMMA * LAMBDA * run * ~(fell | late)
        adv[k] = run
    ret = (adv + V).ravel().astype("float32")
    adv = adv.ravel()
    # a floor under the scale: once every pole stays up the advantages are mere noise
    adv = ((adv - adv.mean()) / max(adv.std(), .25)).astype("float32")
    pg, vl = update(np.concatenate(O), np.concatenate(A), adv, ret)
    if it % 15 == 0:
        print(f"update {it:3d}  policy loss {pg:+.4f}  value loss {vl:.4f}  mean length of the last 50 episodes {np.mean(lengths[-50:]):.1f}")
    if len(lengths) > 400 and np.mean(lengths[-200:]) >= 198:
        print(f"solved after {it} updates and {len(lengths)} episodes")
        break

# greedy policy on fresh starts
test, first = CartPoles(64, 4321), np.zeros(64, int)
for _ in range(200):
    _, fell, late, length = test.step(fwd(actor.get_weights(), test.obs()).argmax(1))
    first = np.where((first == 0) & (fell | late), length, first)
print("greedy policy, mean episode length %.1f of 200" % first.mean())
