import numpy as np
import keras
import tensorflow as tf

SEED = 2
keras.utils.set_random_seed(SEED)
MODES, NOISE, CRITIC_STEPS, LAMBDA = 6, 4, 4, 0.5
centers = 1.5 * np.stack([np.cos(2 * np.pi * np.arange(MODES) / MODES), np.sin(2 * np.pi * np.arange(MODES) / MODES)], 1)


def real_points(n, rng):
    return (centers[rng.integers(0, MODES, n)] + 0.12 * rng.normal(size=(n, 2))).astype("float32")


def mlp(n_in, width=96):
    return keras.Sequential([keras.Input((n_in,)), keras.layers.Dense(width, "leaky_relu"),
                             keras.layers.Dense(width, "leaky_relu"), keras.layers.Dense(2 if n_in == NOISE else 1)])


class WGAN(keras.Model):
    def __init__(self):
        super().__init__()
        self.gen, self.critic = mlp(NOISE), mlp(2)

    def compile(self, g_opt, c_opt):
        super().compile()
        self.g_opt, self.c_opt = g_opt, c_opt

    def call(self, z):
        return self.gen(z)

    def penalty(self, a, b):
        t = tf.random.uniform([tf.shape(a)[0], 1])
        mix = t * a + (1 - t) * b
        with tf.GradientTape() as tape:
            tape.watch(mix)
            f = self.critic(mix)
        norm = tf.sqrt(tf.reduce_sum(tape.gradient(f, mix) ** 2, 1) + 1e-12)
        return tf.reduce_mean((norm - 1.0) ** 2)

    def train_step(self, batch):
        n = tf.shape(batch)[1]
        for i in range(CRITIC_STEPS):
            real = batch[i]
            fake = self.gen(tf.random.normal([n, NOISE]))
            with tf.GradientTape() as tape:
                wass = tf.reduce_mean(self.critic(real)) - tf.reduce_mean(self.critic(fake))
                gp = self.penalty(real, fake)
                c_loss = -wass + LAMBDA * gp
            cv = self.critic.trainable_variables
            self.c_opt.apply_gradients(zip(tape.gradient(c_loss, cv), cv))
        with tf.GradientTape() as tape:
            g_loss = -tf.reduce_mean(self.critic(self.gen(tf.random.normal([n, NOISE]))))
        gv = self.gen.trainable_variables
        self.g_opt.apply_gradients(zip(tape.gradient(g_loss, gv), gv))
        return {"wasserstein": wass, "penalty": gp, "c_loss": c_loss, "g_loss": g_loss}


def sliced_w1(a, b, k=64):
    ang = np.linspace(0, np.pi, k, endpoint=False)
    d = np.stack([np.cos(ang), np.sin(ang)])
    return np.abs(np.sort(a @ d, 0) - np.sort(b @ d, 0)).mean()


rng = np.random.default_rng(SEED)
points = real_points(230 * CRITIC_STEPS * 128, rng).reshape(-1, CRITIC_STEPS, 128, 2)
stream = tf.data.Dataset.from_tensor_slices(points)
gan = WGAN()
gan.compile(keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.9), keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.9))
test = real_points(3000, rng)


def judge():
    fake = gan.gen(tf.random.normal([3000, NOISE])).numpy()
    dist = np.linalg.norm(fake[:, None] - centers[None], axis=-1)
    share = np.bincount(dist.argmin(1)[dist.min(1) < 0.36], minlength=MODES) / len(fake)
    return f"sliced W1 {sliced_w1(fake, test):.3f}, on a mode {share.sum():.1%}, mode shares " + " ".join(f"{s:.2f}" for s in share)


print("start :", judge())
for epoch in range(5):
    if epoch == 3:
        for o in (gan.g_opt, gan.c_opt):
            o.learning_rate.assign(2e-4)
    h = gan.fit(stream, epochs=1, verbose=0, shuffle=False).history
    print(f"round {epoch + 1}: " + " ".join(f"{k} {v[-1]:+.3f}" for k, v in h.items()), "|", judge())
print(f"two real samples: sliced W1 {sliced_w1(real_points(3000, rng), test):.3f}")
