"""Policy gradient with a learnt baseline on a NumPy cart-pole, 32 poles at a time.

The 'loss' of a policy gradient is only a device for its gradient: its value
says nothing.  Progress is the length of the episodes (200 is the maximum).
"""
import numpy as np
import tensorflow as tf

SEED = 6
POLES, LIMIT, UPDATES, GAMMA = 32, 200, 60, 0.98
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
SCALE = np.array([1.0, 1.5, 0.1, 1.5], "float32")       # typical size of each coordinate


def dynamics(s, push):
    x, v, th, w = s.T
    force = np.where(push == 1, 10.0, -10.0)
    sin, cos = np.sin(th), np.cos(th)
    temp = (force + 0.05 * w ** 2 * sin) / 1.1
    acc_th = (9.8 * sin - cos * temp) / (0.5 * (4 / 3 - 0.1 * cos ** 2 / 1.1))
    acc_x = temp - 0.05 * acc_th * cos / 1.1
    return np.stack([x + 0.02 * v, v + 0.02 * acc_x, th + 0.02 * w, w + 0.02 * acc_th], 1)


def mlp(n_out, last_scale):
    return tf.keras.Sequential([
        tf.keras.Input((4,)),
        tf.keras.layers.Dense(32, activation="tanh"),
        tf.keras.layers.Dense(n_out, kernel_initializer=tf.keras.initializers.RandomNormal(stddev=last_scale)),
    ])


policy, critic = mlp(1, 0.01), mlp(1, 0.1)
policy_opt, critic_opt = tf.keras.optimizers.Adam(1e-2), tf.keras.optimizers.Adam(1e-2)


def prob_right(s):
    w1, b1, w2, b2 = policy.get_weights()
    return 1 / (1 + np.exp(-(np.tanh(s / SCALE @ w1 + b1) @ w2 + b2)[:, 0]))


def play(n, greedy=False):
    s = rng.uniform(-0.05, 0.05, (n, 4))
    alive = np.ones(n, bool)
    states, actions, masks = [], [], []
    for _ in range(LIMIT):
        p = prob_right(s)
        a = (p > 0.5 if greedy else rng.random(n) < p).astype("float32")
        states.append(s / SCALE), actions.append(a), masks.append(alive.copy())
        s = np.where(alive[:, None], dynamics(s, a), s)
        alive &= (np.abs(s[:, 0]) < 2.4) & (np.abs(s[:, 2]) < 0.2095)
        if not alive.any():
            break
    return np.array(states, "float32"), np.array(actions), np.array(masks)


def returns_to_go(mask):
    g, out = np.zeros(mask.shape[1]), np.zeros(mask.shape)
    for k in range(len(mask) - 1, -1, -1):
        g = mask[k] + GAMMA * g
        out[k] = g
    return out.astype("float32")


@tf.function(input_signature=[tf.TensorSpec((None, 4)), tf.TensorSpec((None,)), tf.TensorSpec((None,))])
def update(s, a, g):
    target = g * (1 - GAMMA)                             # between 0 and 1
    for _ in range(5):
        with tf.GradientTape() as tape:
            v = tf.squeeze(critic(s), -1)
            value_loss = tf.reduce_mean((v - target) ** 2)
        critic_opt.apply_gradients(zip(tape.gradient(value_loss, critic.trainable_variables),
                                       critic.trainable_variables))
    adv = target - v
    adv = (adv - tf.reduce_mean(adv)) / (tf.math.reduce_std(adv) + 1e-6)
    with tf.GradientTape() as tape:
        logit = tf.squeeze(policy(s), -1)
        ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=a, logits=logit)
        p = tf.sigmoid(logit)
        entropy = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=p, logits=logit))
        loss = tf.reduce_mean(adv * ce) - 0.005 * entropy
    policy_opt.apply_gradients(zip(tape.gradient(loss, policy.trainable_variables),
                                   policy.trainable_variables))
    return loss, value_loss


critic_opt.build(critic.trainable_variables)
policy_opt.build(policy.trainable_variables)
for it in range(UPDATES):
    s, a, m = play(POLES)
    keep = m.ravel()
    loss, vloss = update(s.reshape(-1, 4)[keep], a.ravel()[keep], returns_to_go(m).ravel()[keep])
    if it % 6 == 0 or it == UPDATES - 1:
        print("update %3d  mean episode %6.1f  surrogate %+.3f  value loss %.4f" % (
            it, m.sum(0).mean(), loss, vloss))

_, _, m = play(200, greedy=True)
print("greedy policy: mean episode length %.1f of %d" % (m.sum(0).mean(), LIMIT))
