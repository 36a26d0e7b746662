import numpy as np, tensorflow as tf

tf.random.set_seed(3)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x, xt = [a.reshape(-1, 784).astype(np.float32) / 255 for a in (x, xt)]
y, yt = y.astype(np.int32), yt.astype(np.int32)

w1 = tf.Variable(tf.random.truncated_normal([784, 80], stddev=0.04))
b1 = tf.Variable(tf.zeros([80]))
w2 = tf.Variable(tf.random.truncated_normal([80, 10], stddev=0.1))
b2 = tf.Variable(tf.zeros([10]))

def net(a):
    return tf.nn.relu(a @ w1 + b1) @ w2 + b2

ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat().batch(128)
for i, (a, t) in enumerate(ds.take(600)):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(t, net(a)))
    v = [w1, b1, w2, b2]
    for p, g in zip(v, tape.gradient(loss, v)):
        p.assign_sub(0.5 * g)
    if i % 100 == 0:
        print(i, loss.numpy())
print("test accuracy", np.mean(net(xt).numpy().argmax(1) == yt))
