# Policy gradient for the ordering problem in _stock_env.py
import numpy as np
import tensorflow as tf

from _stock_env import Shop

tf.keras.utils.set_random_seed(9)
GAMMA, ITERS, COPIES = 0.9, 180, 48

actor = tf.keras.Sequential([
    tf.keras.Input((Shop.OBS,)),
    tf.keras.layers.Dense(48, activation="tanh"),
    tf.keras.layers.Dense(Shop.MAX_ORDER + 1, kernel_initializer=tf.keras.initializers.RandomNormal(stddev=0.01)),
])
baseline = tf.keras.Sequential([
    tf.keras.Input((Shop.OBS,)),
    tf.keras.layers.Dense(48, activation="tanh"),
    tf.keras.layers.Dense(1),
])
opt_a = tf.keras.optimizers.Adam(6e-3)
opt_b = tf.keras.optimizers.Adam(1e-2)
choose_logits = tf.function(lambda o: actor(o), input_signature=[tf.TensorSpec([None, Shop.OBS])])
rng = np.random.default_rng(1)


def play(env, policy):
    obs, O, A, R = env.reset(), [], [], []
    for _ in range(env.DAYS):
        act = policy(obs)
        O.append(obs); A.append(act)
        obs, r = env.step(act)
        R.append(r)
    return np.array(O), np.array(A), np.array(R)


def stochastic(obs):
    z = choose_logits(obs).numpy()
    return np.argmax(z + rng.gumbel(size=z.shape), axis=1)


def greedy(obs):
    return np.argmax(choose_logits(obs).numpy(), axis=1)


@tf.function
def improve(obs, act, ret, entropy_weight):
    with tf.GradientTape() as tb:
        v = baseline(obs)[:, 0]
        value_loss = tf.reduce_mean(tf.square(ret - v))
    opt_b.apply_gradients(zip(tb.gradient(value_loss, baseline.trainable_variables), baseline.trainable_variables))

    adv = ret - v
    adv = (adv - tf.reduce_mean(adv)) / (tf.math.reduce_std(adv) + 1e-6)
    with tf.GradientTape() as ta:
        logp = tf.nn.log_softmax(actor(obs))
        taken = tf.gather(logp, act, batch_dims=1)
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=1))
        loss = -tf.reduce_mean(taken * adv) - entropy_weight * entropy
    opt_a.apply_gradients(zip(ta.gradient(loss, actor.trainable_variables), actor.trainable_variables))
    return loss, value_loss, entropy


env = Shop(COPIES, seed=2)
for it in range(ITERS):
    O, A, R = play(env, stochastic)
    G = np.zeros_like(R)
    run = np.zeros(COPIES, np.float32)
    for t in reversed(range(len(R))):
        run = R[t] + GAMMA * run
        G[t] = run
    keep = len(R) - 6                     # the last days do not see their consequences
    o = O[:keep].reshape(-1, Shop.OBS)
    a = A[:keep].reshape(-1).astype(np.int32)
    g = (G[:keep].reshape(-1) - 50.0) / 25.0
    pl, vl, en = improve(tf.constant(o), tf.constant(a), tf.constant(g), tf.constant(0.02 * (1 - it / ITERS)))
    if it % 20 == 0 or it == ITERS - 1:
        print(f"{it:4d}  profit/day {R.mean():6.2f}  policy loss {pl:+.4f}  value loss {vl:.3f}  entropy {en:.2f}")

check = lambda p: play(Shop(400, seed=77), p)[2].mean()
uniform = check(lambda o: rng.integers(0, Shop.MAX_ORDER + 1, len(o)))
fixed = max(check(lambda o, k=k: np.full(len(o), k)) for k in range(Shop.MAX_ORDER + 1))
print(f"profit per day: random {uniform:.2f}  best fixed order {fixed:.2f}  learnt policy {check(greedy):.2f}")
