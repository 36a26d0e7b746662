# matrix factorization for a recommender, from scratch with tf.Variable
# gives nan after some iterations. with smaller data (20 users) it was ok?!
import numpy as np
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import tensorflow as tf

rs = np.random.RandomState(8)
tf.random.set_seed(8)
n_users, n_items, k = 150, 80, 4
P_true = rs.randn(n_users, 3); Q_true = rs.randn(n_items, 3) * 0.6
bu = 0.3 * rs.randn(n_users); bi = 0.4 * rs.randn(n_items)
mask = rs.rand(n_users, n_items) < 0.5
u, i = np.nonzero(mask)
r = 3.4 + (P_true @ Q_true.T)[u, i] * 0.7 + bu[u] + bi[i] + 0.15 * rs.randn(len(u))
r = np.clip(r, 0.5, 5.0).astype('float32')
order = rs.permutation(len(r))
u, i, r = u[order], i[order], r[order]
cut = int(.85 * len(r))
mu = r[:cut].mean()
print('ratings', len(r), 'mean', mu)

P = tf.Variable(tf.random.normal([n_users, k], stddev=0.1))
Q = tf.Variable(tf.random.normal([n_items, k], stddev=0.1))
b_u = tf.Variable(tf.zeros([n_users]))
b_i = tf.Variable(tf.zeros([n_items]))

learning_rate = 0.002
lam = 0.05


def predict(uu, ii):
    return mu + tf.gather(b_u, uu) + tf.gather(b_i, ii) + \
        tf.reduce_sum(tf.gather(P, uu) * tf.gather(Q, ii), axis=1)


def cost(uu, ii, rr):
    err = rr - predict(uu, ii)
    reg = lam * (tf.reduce_sum(P ** 2) + tf.reduce_sum(Q ** 2))
    return tf.reduce_sum(err ** 2) + reg


ut, it, rt = [tf.constant(a[:cut]) for a in (u, i, r)]
uv, iv, rv = [tf.constant(a[cut:]) for a in (u, i, r)]
for step in range(301):
    with tf.GradientTape() as t:
        c = cost(ut, it, rt)
    dP, dQ, dbu, dbi = t.gradient(c, [P, Q, b_u, b_i])
    P.assign_sub(learning_rate * tf.convert_to_tensor(dP))
    Q.assign_sub(learning_rate * tf.convert_to_tensor(dQ))
    b_u.assign_sub(learning_rate * tf.convert_to_tensor(dbu))
    b_i.assign_sub(learning_rate * tf.convert_to_tensor(dbi))
    if step % 50 == 0:
        print(step, 'cost', c.numpy(), 'val rmse', tf.sqrt(tf.reduce_mean((rv - predict(uv, iv)) ** 2)).numpy())

print('baseline rmse (mean)', np.sqrt(np.mean((r[cut:] - mu) ** 2)))
