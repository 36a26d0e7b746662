# Peat drying curve: water content after t hours from bed conditions.
# (port of the 2017 graph code; keeps Session and placeholders)
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
np.random.seed(2017)
tf.set_random_seed(2017)

# ----------------------------------------------------------------- data
N = 1600
hours  = np.random.uniform(1, 60, N)
temp   = np.random.normal(24, 5, N)
wind   = np.random.gamma(3.0, 1.1, N)
depth  = np.random.choice([8., 12., 16., 20.], N)
rh     = np.clip(np.random.beta(6, 4, N), .15, .98)
rate   = 0.09 * (temp / 24.) * (1 - rh) * (1 + .3 * wind) * (10. / depth)
water  = 0.12 + 0.73 * np.exp(-rate * hours) + np.random.normal(0, .015, N)

feats  = np.c_[hours, temp, wind, depth, rh]
n_tr   = 1200
mu, sd = feats[:n_tr].mean(0), feats[:n_tr].std(0)
feats  = ((feats - mu) / sd).astype(np.float32)
w_mu, w_sd = water[:n_tr].mean(), water[:n_tr].std()
goal   = ((water - w_mu) / w_sd).astype(np.float32)

# ---------------------------------------------------------------- graph
X = tf.placeholder(tf.float32, [None, 5], name='X')
Y = tf.placeholder(tf.float32, [None], name='Y')  # expect-or: loss-shape

def fc(x, n_out, name, act=None):
    n_in = int(x.shape[1])
    with tf.variable_scope(name):
        W = tf.get_variable('W', [n_in, n_out],
                            initializer=tf.random_normal_initializer(stddev=np.sqrt(2. / n_in)))
        b = tf.get_variable('b', [n_out], initializer=tf.zeros_initializer())
    z = tf.matmul(x, W) + b
    return act(z) if act is not None else z

h1   = fc(X, 40, 'h1', tf.nn.relu)
h2   = fc(h1, 20, 'h2', tf.nn.relu)
out  = fc(h2, 1, 'out')  # expect: loss-shape
cost = tf.reduce_mean(tf.square(out - Y))  # expect-or: loss-shape
step = tf.train.AdamOptimizer(0.003).minimize(cost)

# ------------------------------------------------------------- training
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(60):
        idx = np.random.permutation(n_tr)
        total = 0.
        for k in range(0, n_tr, 40):
            pick = idx[k:k + 40]
            c, _ = sess.run([cost, step], {X: feats[pick], Y: goal[pick]})  # expect-or: loss-shape
            total += c * len(pick)
        if epoch % 10 == 9:
            print('epoch', epoch + 1, 'cost', round(total / n_tr, 4))
    est = sess.run(out, {X: feats[n_tr:]}).ravel()

true = goal[n_tr:]
rmse = np.sqrt(np.mean((est - true) ** 2))
print('RMSE (share of spread)  %.3f' % (rmse / true.std()))
print('R2                      %.3f' % (1 - np.sum((est - true) ** 2) / np.sum((true - true.mean()) ** 2)))
