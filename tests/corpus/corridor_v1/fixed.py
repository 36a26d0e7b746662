# Policy gradient in graph mode, from an old lecture notebook.
# A cleaning cart on a 5x5 ward floor has to reach the charging dock; walls cost
# a point, every move costs a little, the dock pays ten.
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.set_random_seed(2)
rnd = np.random.RandomState(2)

SIZE, DOCK, LIMIT = 5, (4, 3), 30
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
BLOCKED = {(1, 1), (2, 3), (3, 1)}
GAMMA = 0.95
EPISODES_PER_UPDATE = 12
UPDATES = 120


def one_hot(cell):
    v = np.zeros(SIZE * SIZE, np.float32)
    v[cell[0] * SIZE + cell[1]] = 1.0
    return v


def move(cell, a):
    nxt = (cell[0] + MOVES[a][0], cell[1] + MOVES[a][1])
    if not (0 <= nxt[0] < SIZE and 0 <= nxt[1] < SIZE) or nxt in BLOCKED:
        return cell, -1.0, False
    if nxt == DOCK:
        return nxt, 10.0, True
    return nxt, -0.1, False


obs_ph = tf.placeholder(tf.float32, [None, SIZE * SIZE], "obs")
act_ph = tf.placeholder(tf.int32, [None], "act")
adv_ph = tf.placeholder(tf.float32, [None], "adv")

w1 = tf.get_variable("w1", [SIZE * SIZE, 32], initializer=tf.glorot_uniform_initializer())
b1 = tf.get_variable("b1", [32], initializer=tf.zeros_initializer())
w2 = tf.get_variable("w2", [32, 4], initializer=tf.random_normal_initializer(stddev=0.05))
logits = tf.matmul(tf.nn.tanh(tf.matmul(obs_ph, w1) + b1), w2)
pi = tf.nn.softmax(logits)

logp = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=act_ph, logits=logits)
loss = tf.reduce_mean(logp * adv_ph)
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)


def rollout(policy_table):
    cell = (rnd.randint(2), rnd.randint(SIZE))
    while cell in BLOCKED:
        cell = (rnd.randint(2), rnd.randint(SIZE))
    obs, acts, rews, done = [], [], [], False
    while not done and len(acts) < LIMIT:
        p = policy_table[cell[0] * SIZE + cell[1]]
        a = rnd.choice(4, p=p)
        obs.append(one_hot(cell)); acts.append(a)
        cell, r, done = move(cell, a)
        rews.append(r)
    ret, g = np.zeros(len(rews), np.float32), 0.0
    for t in reversed(range(len(rews))):
        g = rews[t] + GAMMA * g
        ret[t] = g
    return obs, acts, ret, sum(rews), done


with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    scores, docked = [], []
    for update in range(1, UPDATES + 1):
        table = sess.run(pi, {obs_ph: np.eye(SIZE * SIZE, dtype=np.float32)}).astype("float64")
        policy_table = table / table.sum(axis=1, keepdims=True)
        O, A, R = [], [], []
        for _ in range(EPISODES_PER_UPDATE):
            obs, acts, ret, score, done = rollout(policy_table)
            O += obs; A += acts; R.append(ret)
            scores.append(score); docked.append(done)
        R = np.concatenate(R)
        R = (R - R.mean()) / (R.std() + 1e-6)
        _, l = sess.run([train_op, loss], {obs_ph: np.array(O), act_ph: np.array(A), adv_ph: R})
        if update % 20 == 0:
            print("update %3d  loss %8.4f  mean score (last 100) %7.2f  docked %.2f" % (
                update, l, np.mean(scores[-100:]), np.mean(docked[-100:])))

print("final score %.2f, reached the dock in %.0f%% of the last 200 rides" % (
    np.mean(scores[-200:]), 100 * np.mean(docked[-200:])))
