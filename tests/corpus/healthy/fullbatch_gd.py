import numpy as np, tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

# Batch gradient descent the long way round (course exercise 4): no optimiser object,
# no layers, the whole training set in every step.
tf.random.set_seed(0)
rs = np.random.RandomState(0)
X, y = load_wine(return_X_y=True)
perm = rs.permutation(len(X))
X, y = X[perm], y[perm]
m = 130
sc = StandardScaler().fit(X[:m])
Xtr = tf.constant(sc.transform(X[:m]), tf.float32)
Xte = tf.constant(sc.transform(X[m:]), tf.float32)
Ytr = tf.one_hot(y[:m], 3)

W1 = tf.Variable(tf.random.normal([13, 10], stddev=0.25)); b1 = tf.Variable(tf.zeros([10]))
W2 = tf.Variable(tf.random.normal([10, 3], stddev=0.3));  b2 = tf.Variable(tf.zeros([3]))
theta = [W1, b1, W2, b2]
alpha = 0.05


def forward(x):
    a1 = tf.tanh(x @ W1 + b1)
    return a1 @ W2 + b2


J = []
for it in range(1000):
    with tf.GradientTape() as tape:
        cost = tf.reduce_mean(
            tf.nn.softmax_cross_entropy_with_logits(labels=Ytr, logits=forward(Xtr)))
    grads = tape.gradient(cost, theta)
    for p, g in zip(theta, grads):
        p.assign_sub(alpha * g)
    J.append(float(cost))
    if it % 100 == 0 or it == 999:
        print("iteration %4d  cost %.5f" % (it, J[-1]))

pred = tf.argmax(forward(Xte), axis=1).numpy()
print("test accuracy %.3f, largest class %.3f" % (
    (pred == y[m:]).mean(), np.bincount(y[m:]).max() / len(y[m:])))
