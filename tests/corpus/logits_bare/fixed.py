import tensorflow as tf

class MLP:
    def __init__(self, *sizes):
        self.W = [tf.Variable(tf.random.normal(s, stddev=s[0] ** -0.5)) for s in zip(sizes, sizes[1:])]
        self.b = [tf.Variable(tf.zeros(n)) for n in sizes[1:]]
    def __call__(self, x):
        for W, b in zip(self.W[:-1], self.b[:-1]):
            x = tf.tanh(x @ W + b)
        return x @ self.W[-1] + self.b[-1]
    @property
    def parameters(self):
        return self.W + self.b

tf.random.set_seed(12)
(x, y), (u, v) = tf.keras.datasets.fashion_mnist.load_data()
x, u = (tf.cast(tf.reshape(a, (-1, 784)), tf.float32) / 255 for a in (x, u))
y, v = (tf.cast(a, tf.int64) for a in (y, v))

net = MLP(784, 64, 10)
N = len(x)
for s in range(1000):
    k = tf.random.uniform([50], 0, N, tf.int32)
    with tf.GradientTape() as t:
        yhat = net(tf.gather(x, k))
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.gather(y, k), yhat)
        loss = tf.reduce_mean(loss)
    for p, g in zip(net.parameters, t.gradient(loss, net.parameters)):
        p.assign_sub(0.03 * g)
    if s % 100 == 0: print(s, loss.numpy())
print('accuracy', tf.reduce_mean(tf.cast(tf.argmax(net(u), 1) == v, tf.float32)).numpy())
