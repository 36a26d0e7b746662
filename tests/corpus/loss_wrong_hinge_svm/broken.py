import numpy as np
import tensorflow as tf

# linear SVM, trained with minibatch sub-gradient descent
np.random.seed(0)
tf.random.set_seed(0)

N, D, C = 1200, 12, 20.0
w_true = np.random.randn(D)
X = np.random.randn(N, D).astype(np.float32)
y = ((X @ w_true + 0.3 * np.random.randn(N)) > 0).astype(np.float32)   # 0: part ok, 1: part broken
Xtr, ytr, Xte, yte = X[:900], y[:900], X[900:], y[900:]

w = tf.Variable(tf.random.normal([D, 1], stddev=0.05))
b = tf.Variable(tf.zeros([1]))


def score(x):
    return tf.squeeze(x @ w, 1) + b


def svm_loss(x, t):
    margin = tf.maximum(0.0, 1.0 - t * score(x))  # expect: loss-wrong  # expect-or: label-mismatch
    return 0.5 * tf.reduce_sum(w * w) / C + tf.reduce_mean(margin)  # expect-or: loss-wrong


lr = 0.05
for step in range(1, 1501):
    idx = np.random.choice(len(Xtr), 64, replace=False)
    with tf.GradientTape() as tape:
        loss = svm_loss(Xtr[idx], ytr[idx])  # expect-or: loss-wrong  # expect-or: label-mismatch
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(lr * dw)
    b.assign_sub(lr * db)
    if step % 150 == 0:
        pred = (score(Xtr) > 0).numpy()
        print(f"{step:5d}  loss {loss:.4f}  train acc {np.mean(pred == ytr):.3f}  positive {pred.mean():.2f}")

pred = (score(Xte) > 0).numpy()
print("test acc", np.mean(pred == yte).round(3), " predicted positive", pred.mean().round(3))
