"""REINFORCE with reward-to-go and an entropy bonus: keep a point mass at the origin."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)

N_ENVS, HORIZON, GAMMA = 64, 25, 0.9
FORCES = np.array([-1.0, 0.0, 1.0], dtype="float32")

policy = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(3),
])
optimizer = keras.optimizers.Adam(5e-3)
act_logits = tf.function(lambda obs: policy(obs))


def rollout():
    pos = rng.uniform(-1, 1, N_ENVS).astype("float32")
    vel = rng.uniform(-0.5, 0.5, N_ENVS).astype("float32")
    obs, acts, rews = [], [], []
    for _ in range(HORIZON):
        o = np.stack([pos, vel], axis=1)
        logits = act_logits(tf.constant(o)).numpy()
        gumbel = -np.log(-np.log(rng.uniform(1e-9, 1 - 1e-9, logits.shape)))
        a = np.argmax(logits + gumbel, axis=1)
        vel = np.clip(0.95 * vel + 0.3 * FORCES[a], -1.5, 1.5).astype("float32")
        pos = np.clip(pos + 0.3 * vel, -2.0, 2.0).astype("float32")
        obs.append(o)
        acts.append(a)
        rews.append(-pos ** 2)
    return np.stack(obs), np.stack(acts), np.stack(rews)


def reward_to_go(rews):
    out = np.zeros_like(rews)
    running = np.zeros(N_ENVS, dtype="float32")
    for t in reversed(range(HORIZON)):
        running = rews[t] + GAMMA * running
        out[t] = running
    return out


@tf.function
def update(obs, acts, adv):
    with tf.GradientTape() as tape:
        logits = policy(obs)
        logp = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=acts, logits=logits)
        probs = tf.nn.softmax(logits)
        entropy = -tf.reduce_sum(probs * tf.nn.log_softmax(logits), axis=1)
        loss = -tf.reduce_mean(logp * adv) - 0.003 * tf.reduce_mean(entropy)
    grads = tape.gradient(loss, policy.trainable_variables)
    grads, _ = tf.clip_by_global_norm(grads, 1.0)
    optimizer.apply_gradients(zip(grads, policy.trainable_variables))
    return loss, tf.reduce_mean(entropy)


history = []
for it in range(80):
    obs, acts, rews = rollout()
    g = reward_to_go(rews)
    adv = g - g.mean(axis=1, keepdims=True)
    adv /= adv.std() + 1e-8
    loss, ent = update(
        tf.constant(obs.reshape(-1, 2)),
        tf.constant(acts.reshape(-1).astype("int32")),
        tf.constant(adv.reshape(-1).astype("float32")),
    )
    history.append(rews.sum(axis=0).mean())
    if it % 16 == 15:
        print(f"iter {it + 1:3d}  loss {float(loss):8.4f}  entropy {float(ent):.3f}  return {history[-1]:8.3f}")

print(f"mean return, first 5 iterations {np.mean(history[:5]):.2f}, last 5 iterations {np.mean(history[-5:]):.2f}")
