"""Fashion classifier. Small research framework: own layers, own loop."""
import tensorflow as tf


class Linear(tf.Module):
    def __init__(self, n_in, n_out, activation=None, name=None):
        super().__init__(name=name)
        with self.name_scope:
            self.kernel = tf.Variable(  # expect-or: init-too-large
                tf.random.truncated_normal([n_in, n_out], stddev=0.9), name="kernel"  # expect: init-too-large
            )
            self.bias = tf.Variable(tf.zeros([n_out]), name="bias")
        self.activation = activation or tf.identity

    def __call__(self, x):
        return self.activation(x @ self.kernel + self.bias)


class Net(tf.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = []
        for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
            last = i == len(sizes) - 2
            self.layers.append(Linear(n_in, n_out, None if last else tf.nn.leaky_relu, f"linear_{i}"))

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


@tf.function
def train_step(net, x, y, lr):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=net(x))
        )
    grads = tape.gradient(loss, net.trainable_variables)
    for v, g in zip(net.trainable_variables, grads):
        v.assign_sub(lr * g)
    return loss


def main():
    tf.random.set_seed(7)
    (x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
    x, xt = (tf.reshape(a / 255.0, [-1, 784]) for a in (x, xt))
    x, xt = tf.cast(x, tf.float32), tf.cast(xt, tf.float32)
    y, yt = tf.cast(y, tf.int64), tf.cast(yt, tf.int64)
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat().batch(64)

    net = Net([784, 128, 128, 64, 64, 10])
    for step, (bx, by) in enumerate(data.take(800)):
        loss = train_step(net, bx, by, 0.05)
        if step % 100 == 0:
            tf.print("step", step, "loss", loss)
    hits = tf.argmax(net(xt), axis=1) == yt
    tf.print("accuracy", tf.reduce_mean(tf.cast(hits, tf.float32)))


if __name__ == "__main__":
    main()
