"""Handwritten digits, plain SGD, all by hand."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(123)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x = x.reshape(len(x), -1).astype(np.float32) / 255
xt = xt.reshape(len(xt), -1).astype(np.float32) / 255
y, yt = y.astype(np.int32), yt.astype(np.int32)

glorot = tf.keras.initializers.GlorotNormal(seed=1)
W1, B1 = tf.Variable(glorot((784, 150))), tf.Variable(tf.zeros(150))
W2, B2 = tf.Variable(glorot((150, 10))), tf.Variable(tf.zeros(10))


def logits(inputs):
    return tf.nn.relu(inputs @ W1 + B1) @ W2 + B2


data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat().batch(64)
for i, (bx, by) in enumerate(data.take(700)):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=by, logits=logits(bx))
        )
    variables = [W1, B1, W2, B2]
    for var, grad in zip(variables, tape.gradient(loss, variables)):
        var.assign_sub(0.1 * grad)
    if i % 100 == 0:
        print(f"{i:4d} {loss.numpy():.4f}")
print("accuracy:", np.mean(np.argmax(logits(xt), 1) == yt))
