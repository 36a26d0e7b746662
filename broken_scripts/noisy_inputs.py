"""Does an MLP become more robust if the training images are augmented with noise?"""

import tensorflow as tf

tf.random.set_seed(4)

BATCH_SIZE = 128
STEPS = 2000
LEARNING_RATE = 0.1
NOISE = 4.0


def scale(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255.0, [784])
    return image, tf.cast(label, tf.int32)


def augment(image, label):
    image = image + tf.random.normal([784], stddev=NOISE)
    return image, label


(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()

train_data = tf.data.Dataset.from_tensor_slices((train_images, train_labels))
train_data = train_data.map(scale).cache()
train_data = train_data.shuffle(len(train_images), seed=4).repeat()
train_data = train_data.map(augment).batch(BATCH_SIZE)

test_data = tf.data.Dataset.from_tensor_slices((test_images, test_labels))
test_data = test_data.map(scale).batch(1000)


def init(n_in, n_out):
    return tf.random.uniform([n_in, n_out], -0.05, 0.05)


w_hidden = tf.Variable(init(784, 100))
b_hidden = tf.Variable(tf.zeros([100]))
w_out = tf.Variable(init(100, 10))
b_out = tf.Variable(tf.zeros([10]))
trainable = [w_hidden, b_hidden, w_out, b_out]


def mlp(x):
    hidden = tf.nn.relu(tf.matmul(x, w_hidden) + b_hidden)
    return tf.matmul(hidden, w_out) + b_out


def accuracy(logits, labels):
    hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), labels)
    return tf.reduce_mean(tf.cast(hits, tf.float32))


for step, (x, y) in enumerate(train_data.take(STEPS)):
    with tf.GradientTape() as tape:
        logits = mlp(x)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        )
    gradients = tape.gradient(loss, trainable)
    for v, g in zip(trainable, gradients):
        v.assign_sub(LEARNING_RATE * g)
    if step % 200 == 0 or step == STEPS - 1:
        print(
            f"step {step}: loss {loss.numpy():.4f}, "
            f"training accuracy {accuracy(logits, y).numpy():.3f}"
        )

test_accuracies = []
for x, y in test_data:
    test_accuracies.append(accuracy(mlp(x), y))
print(f"test accuracy: {tf.reduce_mean(test_accuracies).numpy():.4f}")
