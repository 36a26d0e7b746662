"""Convolutional network from scratch: convolution, batch normalisation and SGD by hand."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.random.set_seed(9)
rng = np.random.default_rng(9)

digits = load_digits()
images = (digits.images / 16.0).astype("float32")[..., None]
labels = digits.target.astype("int32")
perm = rng.permutation(len(images))
images, labels = images[perm], labels[perm]
x_train, y_train = images[:1400], labels[:1400]
x_test, y_test = images[1400:], labels[1400:]


class BatchNorm(tf.Module):
    def __init__(self, channels, momentum=0.9, eps=1e-5):
        super().__init__()
        self.gamma = tf.Variable(tf.ones([channels]))
        self.beta = tf.Variable(tf.zeros([channels]))
        self.mean = tf.Variable(tf.zeros([channels]), trainable=False)
        self.var = tf.Variable(tf.ones([channels]), trainable=False)
        self.momentum, self.eps = momentum, eps

    def __call__(self, x, training):
        if training:
            mu, var = tf.nn.moments(x, axes=[0, 1, 2])
            self.mean.assign(self.momentum * self.mean + (1 - self.momentum) * mu)
            self.var.assign(self.momentum * self.var + (1 - self.momentum) * var)
        else:
            mu, var = self.mean, self.var
        return self.gamma * (x - mu) * tf.math.rsqrt(var + self.eps) + self.beta


class ConvNet(tf.Module):
    def __init__(self):
        super().__init__()
        self.k1 = tf.Variable(tf.random.normal([3, 3, 1, 12], stddev=np.sqrt(2 / 9)))
        self.bn1 = BatchNorm(12)
        self.k2 = tf.Variable(tf.random.normal([3, 3, 12, 24], stddev=np.sqrt(2 / 108)))
        self.bn2 = BatchNorm(24)
        self.w = tf.Variable(tf.random.normal([2 * 2 * 24, 10], stddev=np.sqrt(1 / 96)))
        self.b = tf.Variable(tf.zeros([10]))

    def __call__(self, x, training=True):  # expect-or: train-mode
        h = tf.nn.conv2d(x, self.k1, strides=1, padding="SAME")
        h = tf.nn.relu(self.bn1(h, training))
        h = tf.nn.max_pool2d(h, 2, 2, "VALID")
        h = tf.nn.conv2d(h, self.k2, strides=1, padding="SAME")
        h = tf.nn.relu(self.bn2(h, training))
        h = tf.nn.max_pool2d(h, 2, 2, "VALID")
        return tf.reshape(h, [tf.shape(x)[0], -1]) @ self.w + self.b


net = ConvNet()
params = net.trainable_variables
velocity = [tf.Variable(tf.zeros_like(p)) for p in params]


@tf.function
def train_step(x, y, lr, mu=0.9):
    with tf.GradientTape() as tape:
        logits = net(x)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    for p, v, g in zip(params, velocity, tape.gradient(loss, params)):
        v.assign(mu * v - lr * g)
        p.assign_add(v)
    return loss


for epoch in range(8):
    order = rng.permutation(len(x_train))
    losses = []
    for i in range(0, len(order) - 63, 64):
        b = order[i:i + 64]
        losses.append(float(train_step(tf.constant(x_train[b]), tf.constant(y_train[b]), tf.constant(0.03))))
    print(f"epoch {epoch + 1}  loss {np.mean(losses):.4f}")

# per-class recall for the report's table
recall = []
for c in range(10):
    logits = net(x_test[y_test == c])  # expect: train-mode
    recall.append(float(np.mean(np.argmax(logits.numpy(), axis=1) == c)))
print("recall:", " ".join(f"{c}:{r:.2f}" for c, r in enumerate(recall)))
print(f"balanced test accuracy {np.mean(recall):.3f}")
