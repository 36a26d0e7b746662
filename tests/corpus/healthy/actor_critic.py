import numpy as np, tensorflow as tf
tf.keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
M = rng.normal(size=(6, 4))
shared = tf.keras.layers.Dense(32, activation="tanh")
actor = tf.keras.layers.Dense(4); critic = tf.keras.layers.Dense(1)
opt = tf.keras.optimizers.Adam(3e-3)
hist = []
for it in range(600):
    s = rng.normal(size=(64, 6)).astype("float32")
    best = (s @ M).argmax(1)
    with tf.GradientTape() as tape:
        h = shared(s); logits = actor(h); v = critic(h)[:, 0]
        a = tf.random.categorical(tf.stop_gradient(logits), 1)[:, 0].numpy()
        r = (a == best).astype("float32")
        adv = r - tf.stop_gradient(v)
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=a, logits=logits)
        p = tf.nn.softmax(logits)
        ent = -tf.reduce_sum(p * tf.nn.log_softmax(logits), 1)
        loss = tf.reduce_mean(ce * adv) + .5 * tf.reduce_mean((r - v) ** 2) - .01 * tf.reduce_mean(ent)
    vs = shared.trainable_variables + actor.trainable_variables + critic.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, vs), vs))
    hist.append(r.mean())
print("reward", np.mean(hist[:50]), np.mean(hist[-50:]))
