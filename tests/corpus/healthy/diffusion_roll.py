# %% [markdown]
# Tiny DDPM on a 2-D swiss roll. The eps-prediction loss does not go to zero:
# at small t the noise cannot be told from the data, so it settles early and stays.

# %%
import numpy as np
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import make_swiss_roll

SEED, T, BATCH, STEPS = 3, 60, 384, 1500
keras.utils.set_random_seed(SEED)

# %%
def roll(n, seed):
    p, _ = make_swiss_roll(n, noise=0.25, random_state=seed)
    return p[:, [0, 2]].astype(np.float32)

train, held = roll(6000, 0), roll(1000, 1)
center, scale = train.mean(0), train.std(0)
train, held = (train - center) / scale, (held - center) / scale

# %% cosine noise schedule
grid = np.arange(T + 1) / T
f = np.cos((grid + 0.008) / 1.008 * np.pi / 2) ** 2
betas = np.clip(1 - f[1:] / f[:-1], 1e-4, 0.5).astype(np.float32)
alphas = 1 - betas
abar = np.cumprod(alphas).astype(np.float32)
abar_tf = tf.constant(abar)

# %%
xt_in = keras.Input((2,))
t_in = keras.Input((), dtype="int32")
temb = keras.layers.Embedding(T, 32)(t_in)
h = keras.layers.Dense(96)(xt_in)
for _ in range(3):
    r = keras.layers.Dense(96, activation="silu")(keras.layers.Concatenate()([h, temb]))
    h = h + r
eps_out = keras.layers.Dense(2, kernel_initializer="zeros")(keras.layers.LayerNormalization()(h))
net = keras.Model([xt_in, t_in], eps_out)
ema = keras.models.clone_model(net)
ema.set_weights(net.get_weights())
ema.trainable = False                      # only ever written by the averaging below

opt = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, STEPS, alpha=0.05))

# %%
def eps_loss(model, x0):
    n = tf.shape(x0)[0]
    t = tf.random.uniform((n,), 0, T, tf.int32)
    a = tf.gather(abar_tf, t)[:, None]
    eps = tf.random.normal(tf.shape(x0))
    xt = tf.sqrt(a) * x0 + tf.sqrt(1 - a) * eps
    return tf.reduce_mean(tf.square(eps - model([xt, t])))

@tf.function
def step(x0):
    with tf.GradientTape() as tape:
        loss = eps_loss(net, x0)
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    for e, w in zip(ema.weights, net.weights):
        e.assign(0.995 * e + 0.005 * w)
    return loss

ds = iter(tf.data.Dataset.from_tensor_slices(train).shuffle(len(train), seed=SEED).repeat().batch(BATCH))
window = []
for i in range(1, STEPS + 1):
    window.append(float(step(next(ds))))
    if i % 300 == 0:
        v = np.mean([float(eps_loss(ema, tf.constant(held))) for _ in range(8)])
        print(f"step {i:5d}  train {np.mean(window):.4f}  held-out (EMA) {v:.4f}")
        window = []
print("predicting eps = 0 would cost 1.0000")

# %% ancestral sampling
@tf.function
def reverse(n):
    x = tf.random.normal((n, 2))
    for t in tf.range(T - 1, -1, -1):
        e = ema([x, tf.fill((n,), t)])
        b, a, ab = tf.gather(tf.constant(betas), t), tf.gather(tf.constant(alphas), t), tf.gather(abar_tf, t)
        x = (x - b / tf.sqrt(1 - ab) * e) / tf.sqrt(a)
        if t > 0:
            x += tf.sqrt(b) * tf.random.normal((n, 2))
    return x

def energy_distance(a, b):
    m = lambda p, q: np.sqrt(((p[:, None] - q[None]) ** 2).sum(-1)).mean()
    return 2 * m(a, b) - m(a, a) - m(b, b)

samples = reverse(1000).numpy()
rng = np.random.default_rng(0)
gauss = rng.multivariate_normal(train.mean(0), np.cov(train.T), 1000).astype(np.float32)
nn = lambda a: np.median(np.sqrt(((a[:, None] - held[None]) ** 2).sum(-1)).min(1))
print(f"energy distance  diffusion {energy_distance(samples, held):.4f}   moment-matched Gaussian {energy_distance(gauss, held):.4f}")
print(f"median gap to nearest held-out point  diffusion {nn(samples):.4f}   Gaussian {nn(gauss):.4f}   real {nn(train[:1000]):.4f}")
