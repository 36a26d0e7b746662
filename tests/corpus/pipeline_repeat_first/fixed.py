import tensorflow as tf
import numpy as np
from sklearn.datasets import make_blobs

SEED = 33
tf.random.set_seed(SEED)

N, DIM, K = 3000, 20, 8
points, group = make_blobs(N + 800, DIM, centers=K, cluster_std=3.0, center_box=(-4, 4), random_state=SEED)
points = (points / points.std()).astype(np.float32)
group = group.astype(np.int32)
test_x, test_y = points[N:], group[N:]
rank = np.argsort(group[:N], kind="stable")         # the survey files come group by group
train_x, train_y = points[:N][rank], group[:N][rank]

BATCH = 50
STEPS = 30
EPOCHS = 20

data = tf.data.Dataset.from_tensor_slices((train_x, train_y))
data = data.shuffle(N, seed=SEED)
data = data.repeat()
data = data.batch(BATCH)


class Net(tf.Module):
    def __init__(self, sizes):
        super().__init__()
        init = tf.keras.initializers.HeNormal(seed=SEED)
        self.w = [tf.Variable(init((a, b))) for a, b in zip(sizes, sizes[1:])]
        self.b = [tf.Variable(tf.zeros(b)) for b in sizes[1:]]

    def __call__(self, x):
        for w, b in zip(self.w[:-1], self.b[:-1]):
            x = tf.nn.relu(x @ w + b)
        return x @ self.w[-1] + self.b[-1]


net = Net([DIM, 64, 32, K])
adam = tf.keras.optimizers.Adam(3e-3)


@tf.function
def update(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, net(x)))
    adam.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


for epoch in range(EPOCHS):
    total = 0.0
    for x, y in data.take(STEPS):
        total += float(update(x, y))
    if (epoch + 1) % 5 == 0:
        print(f"{epoch + 1:>3} loss {total / STEPS:.4f}")

hit = tf.argmax(net(test_x), 1, output_type=tf.int32) == test_y
print("test accuracy %.3f" % hit.numpy().mean())
