import tensorflow as tf, numpy as np
tf.random.set_seed(2); np.random.seed(2)
N = 1024
X = np.random.randn(N, 8).astype(np.float32)
Y = (X @ np.random.randn(8, 1) + 0.05 * np.random.randn(N, 1)).astype(np.float32).ravel()
class Net(tf.Module):
    def __init__(self):
        g = tf.initializers.GlorotUniform()
        self.w1 = tf.Variable(g((8, 32))); self.b1 = tf.Variable(tf.zeros(32))
        self.w2 = tf.Variable(g((32, 1))); self.b2 = tf.Variable(tf.zeros(1))
    def __call__(self, x):
        return tf.nn.relu(x @ self.w1 + self.b1) @ self.w2 + self.b2
net = Net()
opt = tf.optimizers.Adam(1e-2)
ds = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(N).batch(64)
@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        pred = net(x)[:, 0]
        loss = tf.reduce_mean((pred - y) ** 2)
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss
for epoch in range(15):
    for x, y in ds:
        l = train_step(x, y)
print("r2", 1 - np.var(net(X).numpy().ravel() - Y) / np.var(Y))
