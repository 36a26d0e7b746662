# heteroscedastic regression of disease progression: mean and log-variance heads,
# Gaussian negative log-likelihood, cosine schedule, averaged weights for scoring
import numpy as np, tensorflow as tf, keras
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score

keras.utils.set_random_seed(30)
raw = load_diabetes(scaled=False)
perm = np.random.RandomState(2).permutation(442)
tr, te = perm[:340], perm[340:]
m, s = raw.data[tr].mean(0), raw.data[tr].std(0)
x = ((raw.data - m) / s).astype('f4')
ym, ys = raw.target[tr].mean(), raw.target[tr].std()
y = ((raw.target - ym) / ys).astype('f4')  # expect-or: loss-shape

net = keras.Sequential([
    keras.Input((10,)),
    keras.layers.Dense(24, activation='tanh', kernel_regularizer=keras.regularizers.L2(1e-3)),
    keras.layers.Dense(2, kernel_initializer=keras.initializers.RandomNormal(stddev=.05)),
])
TOTAL = 600
opt = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, TOTAL))
ema = [tf.Variable(v.value) for v in net.trainable_variables]

def nll(target, out):
    mu, log_var = tf.split(out, 2, axis=-1)
    log_var = tf.clip_by_value(log_var, -6., 4.)
    sq = tf.square(target - mu)  # expect: loss-shape
    return .5 * tf.reduce_mean(log_var + sq * tf.exp(-log_var))  # expect-or: loss-shape

@tf.function
def step(bx, by):
    with tf.GradientTape() as t:
        loss = nll(by, net(bx, training=True)) + tf.add_n(net.losses)  # expect-or: loss-shape
    g = t.gradient(loss, net.trainable_variables)
    g, norm = tf.clip_by_global_norm(g, 5.)
    opt.apply_gradients(zip(g, net.trainable_variables))
    for e, v in zip(ema, net.trainable_variables):
        e.assign(.98 * e + .02 * v)
    return loss, norm

ds = (tf.data.Dataset.from_tensor_slices((x[tr], y[tr]))  # expect-or: loss-shape
      .shuffle(340, seed=3).repeat().batch(64).prefetch(2))
for i, (bx, by) in enumerate(ds.take(TOTAL)):
    loss, norm = step(bx, by)  # expect-or: loss-shape
    if i % 100 == 0 or i == TOTAL - 1:
        print(f'{i:4d} nll {loss.numpy():+.3f} |g| {norm.numpy():.3f}')

for e, v in zip(ema, net.trainable_variables):
    v.assign(e)
pred = net(x[te]).numpy()
mean = pred[:, 0] * ys + ym
sigma = np.exp(.5 * pred[:, 1]) * ys
inside = np.abs(raw.target[te] - mean) < 1.64 * sigma
print(f'coverage of the 90% band: {inside.mean():.2f}, mean sigma {sigma.mean():.1f}')
print(f'test R2: {r2_score(raw.target[te], mean):.3f}')
