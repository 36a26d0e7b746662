"""MNIST with a deep multi-layer perceptron: eight hidden ReLU layers of 100 units."""

import tensorflow as tf

tf.random.set_seed(1)

LEARNING_RATE = 0.1
BATCH_SIZE = 128
STEPS = 2000
LAYER_SIZES = [784] + 8 * [100] + [10]

(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()
train_images = train_images.reshape(-1, 784).astype("float32") / 255.0
test_images = test_images.reshape(-1, 784).astype("float32") / 255.0
train_labels = train_labels.astype("int32")
test_labels = test_labels.astype("int32")

train_data = tf.data.Dataset.from_tensor_slices((train_images, train_labels))
train_data = train_data.shuffle(len(train_images), seed=1).repeat().batch(BATCH_SIZE)

# One weight matrix and one bias vector a layer.
weights = []
biases = []
for n_in, n_out in zip(LAYER_SIZES[:-1], LAYER_SIZES[1:]):
    w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)
    weights.append(tf.Variable(w))
    biases.append(tf.Variable(tf.zeros([n_out])))
variables = weights + biases


def forward(x):
    for w, b in zip(weights[:-1], biases[:-1]):
        x = tf.nn.relu(tf.matmul(x, w) + b)
    return tf.matmul(x, weights[-1]) + biases[-1]


for step, (images, labels) in enumerate(train_data.take(STEPS)):
    with tf.GradientTape() as tape:
        logits = forward(images)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )
    gradients = tape.gradient(loss, variables)
    for variable, gradient in zip(variables, gradients):
        variable.assign_sub(LEARNING_RATE * gradient)

    if step % 200 == 0 or step == STEPS - 1:
        print(f"step {step:4d}  loss {loss.numpy():.4f}")

predictions = tf.argmax(forward(test_images), axis=1, output_type=tf.int32)
accuracy = tf.reduce_mean(tf.cast(predictions == test_labels, tf.float32))
print(f"test accuracy {accuracy.numpy():.4f}")
