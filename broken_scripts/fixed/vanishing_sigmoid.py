"""How deep can we go? An MLP with eight ReLU layers on MNIST."""

import tensorflow as tf

tf.random.set_seed(2)

learning_rate = 0.1
batch_size = 128
train_steps = 2000
hidden_layers = 8
hidden_units = 100

(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()


def prepare(images, labels):
    images = tf.reshape(tf.cast(images, tf.float32) / 255.0, [-1, 784])
    return images, tf.cast(labels, tf.int32)


train_data = (
    tf.data.Dataset.from_tensor_slices((train_images, train_labels))
    .shuffle(len(train_images), seed=2)
    .repeat()
    .batch(batch_size)
    .map(prepare)
    .prefetch(2)
)
test_data = tf.data.Dataset.from_tensor_slices((test_images, test_labels)).batch(500).map(prepare)


class Layer:
    """A fully connected layer."""

    def __init__(self, n_in, n_out, activation=None):
        limit = (6.0 / n_in) ** 0.5
        self.w = tf.Variable(tf.random.uniform([n_in, n_out], -limit, limit))
        self.b = tf.Variable(tf.zeros([n_out]))
        self.activation = activation

    def __call__(self, x):
        x = tf.matmul(x, self.w) + self.b
        if self.activation is not None:
            x = self.activation(x)
        return x


layers = [Layer(784, hidden_units, tf.nn.relu)]
for _ in range(hidden_layers - 1):
    layers.append(Layer(hidden_units, hidden_units, tf.nn.relu))
layers.append(Layer(hidden_units, 10))

variables = []
for layer in layers:
    variables += [layer.w, layer.b]


def network(x):
    for layer in layers:
        x = layer(x)
    return x


for step, (x, y) in enumerate(train_data.take(train_steps)):
    with tf.GradientTape() as tape:
        logits = network(x)
        xent = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        loss = tf.reduce_mean(xent)
    grads = tape.gradient(loss, variables)
    for var, grad in zip(variables, grads):
        var.assign_sub(learning_rate * grad)
    if step % 250 == 0 or step == train_steps - 1:
        print("step", step, "loss", round(float(loss), 4))

correct = 0
count = 0
for x, y in test_data:
    guesses = tf.argmax(network(x), axis=1, output_type=tf.int32)
    correct += int(tf.reduce_sum(tf.cast(guesses == y, tf.int32)))
    count += len(y)
print("test accuracy", round(correct / count, 4))
