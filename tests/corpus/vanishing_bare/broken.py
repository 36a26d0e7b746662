import tensorflow as tf
from sklearn.datasets import load_wine

tf.random.set_seed(1)
wine = load_wine()
x = tf.constant((wine.data - wine.data.mean(0)) / wine.data.std(0), tf.float32)
y = tf.one_hot(wine.target, 3)

# 13 -> 30 x 6 -> 3
sizes = [13, 30, 30, 30, 30, 30, 30, 3]
Ws = [tf.Variable(tf.random.normal([a, b], stddev=0.15), name=f"W{i}")
      for i, (a, b) in enumerate(zip(sizes, sizes[1:]))]
bs = [tf.Variable(tf.zeros([b]), name=f"b{i}") for i, b in enumerate(sizes[1:])]

def net(h):
    for W, b in list(zip(Ws, bs))[:-1]:
        h = tf.math.sigmoid(tf.add(tf.matmul(h, W), b))  # expect: vanishing-gradient
    return tf.matmul(h, Ws[-1]) + bs[-1]

for it in range(600):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, net(x)))
    gW, gb = tape.gradient(loss, [Ws, bs])
    for v, g in zip(Ws + bs, gW + gb):
        v.assign_sub(0.3 * g)
    if it % 100 == 0:
        print("iter %4d   loss %.4f" % (it, loss))
hit = tf.equal(tf.argmax(net(x), 1), wine.target)
print("accuracy %.3f" % tf.reduce_mean(tf.cast(hit, tf.float32)))
