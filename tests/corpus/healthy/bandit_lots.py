# REINFORCE with a running baseline: choose the order size for a shop,
# demand depends on weekday and forecast. Reward = profit in euro / 100.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(41)
tf.random.set_seed(41)
SIZES = np.array([10, 20, 30, 40, 50, 60])


def day(n):
    wd = rng.integers(0, 7, n)
    sunny = rng.random(n)
    mean = 22 + 12 * np.isin(wd, [4, 5]) + 22 * sunny - 6 * (wd == 0)
    s = np.concatenate([np.eye(7)[wd], sunny[:, None]], 1).astype("float32")
    return s, mean


def profit(order, mean):
    sold = np.minimum(order, rng.poisson(mean))
    return (3.2 * sold - 1.5 * order) / 100.0


def best_possible(mean):
    grid = np.stack([[np.mean(profit(np.full(200, q), np.full(200, m))) for q in SIZES] for m in mean])
    return grid.max(1).mean(), grid.mean(1).mean()


policy = tf.keras.Sequential([
    tf.keras.layers.Input((8,)),
    tf.keras.layers.Dense(32, activation='tanh'),
    tf.keras.layers.Dense(len(SIZES)),
])
opt = tf.keras.optimizers.Adam(0.01)
baseline = 0.0


@tf.function
def reinforce(states, actions, advantage):
    with tf.GradientTape() as tape:
        logits = policy(states)
        logp = tf.nn.log_softmax(logits)
        chosen = tf.gather(logp, actions, axis=1, batch_dims=1)
        entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, 1))
        loss = -tf.reduce_mean(chosen * advantage) - 0.001 * entropy
    opt.apply_gradients(zip(tape.gradient(loss, policy.trainable_variables), policy.trainable_variables))
    return loss, entropy


for it in range(700):
    s, mean = day(128)
    a = tf.random.categorical(policy(s), 1)[:, 0].numpy()
    r = profit(SIZES[a], mean)
    loss, ent = reinforce(s, tf.constant(a), tf.constant((r - baseline).astype('float32')))
    baseline += 0.1 * (r.mean() - baseline)
    if it % 100 == 99:
        print(f'{it + 1:4d}  loss {float(loss):+.4f}  entropy {float(ent):.3f}  mean reward {r.mean():.3f}')

s, mean = day(300)
greedy = SIZES[policy(s).numpy().argmax(1)]
got = np.mean([profit(greedy, mean).mean() for _ in range(50)])
top, blind = best_possible(mean)
print(f'greedy policy {got:.3f}   best possible {top:.3f}   random order {blind:.3f}')
