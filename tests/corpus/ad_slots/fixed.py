"""Which of 4 banners to show: REINFORCE on simulated visitors."""
import numpy as np
import tensorflow as tf
import keras

rng = np.random.default_rng(0)
tf.random.set_seed(0)

N_FEAT, N_ADS = 6, 4
taste = rng.normal(size=(N_FEAT, N_ADS))


def visitors(n):
    return rng.normal(size=(n, N_FEAT)).astype("float32")


def clicks(v, shown):
    best = np.argmax(v @ taste, axis=1)
    p = np.where(shown == best, 0.9, 0.1)
    return (rng.random(len(v)) < p).astype("float32")


policy = keras.Sequential([
    keras.Input((N_FEAT,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(N_ADS),
])
optimizer = keras.optimizers.Adam(5e-3)


def show_ads(v):
    logits = policy(v)
    return tf.random.categorical(logits, 1)[:, 0].numpy()


def greedy_ctr(n=3000):
    v = visitors(n)
    a = np.argmax(policy(v).numpy(), axis=1)
    return clicks(v, a).mean()


baseline = 0.25
history = []
for it in range(400):
    v = visitors(128)
    a = show_ads(v)
    r = clicks(v, a)
    advantage = r - baseline
    baseline = 0.95 * baseline + 0.05 * r.mean()

    with tf.GradientTape() as tape:
        logp = tf.nn.log_softmax(policy(v, training=True))
        chosen = tf.reduce_sum(logp * tf.one_hot(a, N_ADS), axis=1)
        objective = -tf.reduce_mean(chosen * advantage)
    grads = tape.gradient(objective, policy.trainable_variables)
    optimizer.apply_gradients(zip(grads, policy.trainable_variables))
    history.append(r.mean())
    if it % 50 == 0:
        print(it, "objective %.4f" % float(objective), "click rate %.3f" % np.mean(history[-50:]))

print("click rate when showing the favourite ad:", greedy_ctr())
print("random would be about", 0.25 * 0.9 + 0.75 * 0.1)
