# Film ratings: biases + inner product, in the graph-and-session manner of 2017.
# Bias vectors begin at zero and the factors at N(0, 0.1); sum of squares over the
# mini-batch with a step of 0.03, later 0.01; the averaged shadow variables are scored too.
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
SEED = 4
np.random.seed(SEED)
tf.set_random_seed(SEED)

USERS, FILMS, RANK, RATINGS = 400, 250, 3, 30000

# ---------------------------------------------------------------- the data
taste = np.random.normal(size=(USERS, RANK)) * 0.6
genre = np.random.normal(size=(FILMS, RANK)) * 0.6
mild = np.random.normal(size=USERS) * 0.4
good = np.random.normal(size=FILMS) * 0.5
cells = np.random.choice(USERS * FILMS, RATINGS, replace=False)     # already in random order
u_all, f_all = cells // FILMS, cells % FILMS
r_all = 3.4 + mild[u_all] + good[f_all] + np.sum(taste[u_all] * genre[f_all], 1)
r_all += np.random.normal(size=RATINGS) * 0.5                       # moods
cut = int(RATINGS * 0.85)

# --------------------------------------------------------------- the graph
u_ph = tf.placeholder(tf.int32, [None], "user")
f_ph = tf.placeholder(tf.int32, [None], "film")
r_ph = tf.placeholder(tf.float32, [None], "rating")

with tf.variable_scope("factors"):
    mu = tf.get_variable("mu", [], initializer=tf.constant_initializer(r_all[:cut].mean()), trainable=False)
    bu = tf.get_variable("bu", [USERS], initializer=tf.zeros_initializer())
    bf = tf.get_variable("bf", [FILMS], initializer=tf.zeros_initializer())
    P = tf.get_variable("P", [USERS, RANK + 1], initializer=tf.random_normal_initializer(stddev=0.1))
    Q = tf.get_variable("Q", [FILMS, RANK + 1], initializer=tf.random_normal_initializer(stddev=0.1))


def predict(bu, bf, P, Q):
    dot = tf.reduce_sum(tf.nn.embedding_lookup(P, u_ph) * tf.nn.embedding_lookup(Q, f_ph), axis=1)
    return mu + tf.gather(bu, u_ph) + tf.gather(bf, f_ph) + dot


prediction = predict(bu, bf, P, Q)
error = tf.reduce_sum(tf.square(r_ph - prediction))
penalty = 0.04 * sum(tf.reduce_sum(tf.square(tf.gather(t, i)))
                     for t, i in ((bu, u_ph), (bf, f_ph), (P, u_ph), (Q, f_ph)))
lr = tf.placeholder_with_default(0.01, [], "lr")
train = tf.train.GradientDescentOptimizer(lr).minimize(error + penalty)

ema = tf.train.ExponentialMovingAverage(decay=0.998)
with tf.control_dependencies([train]):
    train_and_average = ema.apply([bu, bf, P, Q])
smooth = predict(*(ema.average(v) for v in (bu, bf, P, Q)))
rmse_live = tf.sqrt(tf.reduce_mean(tf.square(r_ph - prediction)))
rmse_ema = tf.sqrt(tf.reduce_mean(tf.square(r_ph - smooth)))

# ----------------------------------------------------------------- the run
test_feed = {u_ph: u_all[cut:], f_ph: f_all[cut:], r_ph: r_all[cut:]}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(30):
        total = 0.0
        for i in range(0, cut, 100):
            s = slice(i, min(i + 100, cut))
            _, e = sess.run([train_and_average, error], {
                u_ph: u_all[s], f_ph: f_all[s], r_ph: r_all[s], lr: 0.03 if epoch < 20 else 0.01})
            total += e
        if epoch % 5 == 4:
            live, avg = sess.run([rmse_live, rmse_ema], test_feed)
            print("epoch %2d  train rmse %.4f  test rmse %.4f  averaged %.4f"
                  % (epoch + 1, np.sqrt(total / cut), live, avg))

print("rmse of the mean rating %.4f; noise alone %.4f" % (np.std(r_all[cut:]), 0.5))
