import tensorflow as tf

tf.random.set_seed(10)
(xa, ya), (xb, yb) = tf.keras.datasets.fashion_mnist.load_data()
flat = lambda a: tf.reshape(tf.cast(a, tf.float32) / 255.0, [-1, 784]) - 0.286
xa, xb, ya, yb = flat(xa), flat(xb), tf.cast(ya, tf.int32), tf.cast(yb, tf.int32)

glorot = tf.initializers.GlorotUniform(seed=10)
sizes = [784] + [100] * 10 + [10]
kernels = [tf.Variable(glorot([i, o])) for i, o in zip(sizes, sizes[1:])]
biases = [tf.Variable(tf.zeros([o])) for o in sizes[1:]]


def network(h):
    for k, b in zip(kernels[:-1], biases[:-1]):
        h = tf.nn.tanh(tf.matmul(h, k) + b)
    return tf.matmul(h, kernels[-1]) + biases[-1]


@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=network(x)))
    for v, g in zip(kernels + biases, tape.gradient(loss, kernels + biases)):
        v.assign_sub(0.05 * g)
    return loss


ds = tf.data.Dataset.from_tensor_slices((xa, ya)).shuffle(60000).repeat().batch(64)
for step, (x, y) in enumerate(ds.take(1500)):
    loss = train(x, y)
    if step % 150 == 0:
        print(step, loss.numpy())
print("accuracy", tf.reduce_mean(tf.cast(tf.argmax(network(xb), 1, tf.int32) == yb, tf.float32)).numpy())
