import os, csv
import tensorflow as tf
import numpy as np

tf.random.set_seed(0)
np.random.seed(0)

# Combined cycle power plant: predict PE (MW) from temperature, vacuum, pressure, humidity
rows = []
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'power_plant.csv')) as f:
    r = csv.reader(f, delimiter=';')
    header = next(r)
    for line in r:
        rows.append([float(v) for v in line])
a = np.array(rows, dtype=np.float32)

x = (a[:, :4] - a[:, :4].mean(0)) / a[:, :4].std(0)
y = a[:, 4:5]
y = (y - y.mean()) / y.std()
N = x.shape[0]
idx = np.random.permutation(N)
x_train, x_test = x[idx[:700]], x[idx[700:]]
y_train, y_test = y[idx[:700]], y[idx[700:]]

n_hidden = 20
W1 = tf.Variable(tf.random.normal([4, n_hidden], stddev=0.5))
b1 = tf.Variable(tf.zeros([n_hidden]))
W2 = tf.Variable(tf.random.normal([n_hidden, 1], stddev=0.2))
b2 = tf.Variable(tf.zeros([1]))


def net(x):
    h = tf.nn.tanh(tf.matmul(x, W1) + b1)
    return tf.matmul(h, W2) + b2


def cost(pred, y):
    return tf.reduce_mean(tf.square(pred - y))


learning_rate = 0.02
opt = tf.keras.optimizers.SGD(learning_rate)
batch = 50

for epoch in range(60):
    perm = np.random.permutation(len(x_train))
    total = 0.
    for i in range(0, len(x_train), batch):
        xb = x_train[perm[i:i + batch]]
        yb = y_train[perm[i:i + batch]]
        with tf.GradientTape() as tape:
            c = cost(net(xb), yb)
        grads = tape.gradient(c, [W1, b1, W2, b2])
        opt.apply_gradients(zip(grads, [W1, b1, W2, b2]))
        total += float(c)
    if epoch % 10 == 0:
        print("Epoch:", '%04d' % (epoch + 1), "cost=", "{:.5f}".format(total / 14))

print("Optimization Finished!")
print("test cost", cost(net(x_test), y_test).numpy(), " variance", y_test.var())
