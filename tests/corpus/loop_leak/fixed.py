import numpy as np, tensorflow as tf
from sklearn.datasets import load_digits
X, Y = load_digits(return_X_y=True)
X = (X / 16).astype(np.float32)
p = np.random.default_rng(0).permutation(len(X)); X, Y = X[p], Y[p]
n = 300
x_test, y_test = X[:n], Y[:n]
x_train, y_train = X[n:1500], Y[n:1500]
train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1500).batch(50)
test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(100)
net = tf.keras.Sequential([tf.keras.layers.Dense(64, "relu"), tf.keras.layers.Dense(10)])
opt = tf.keras.optimizers.Adam(2e-3); ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
@tf.function
def step(a, b):
    with tf.GradientTape() as t:
        l = ce(b, net(a))
    opt.apply_gradients(zip(t.gradient(l, net.trainable_variables), net.trainable_variables))
for _ in range(8):
    for a, b in train: step(a, b)
hits = sum(int(tf.reduce_sum(tf.cast(tf.argmax(net(a), 1) == b, tf.int32))) for a, b in test)
print("test", hits / n)
