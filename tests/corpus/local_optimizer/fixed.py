"""
tf.Module regression, TF 2 style:
    model -> loss function -> train(model, inputs, outputs, learning_rate)
"""
import numpy as np
import tensorflow as tf

tf.random.set_seed(17)
np.random.seed(17)


class Model(tf.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        init = tf.initializers.GlorotUniform(seed=17)
        self.W1 = tf.Variable(init([n_in, n_hidden]), name="W1")
        self.b1 = tf.Variable(tf.zeros([n_hidden]), name="b1")
        self.W2 = tf.Variable(init([n_hidden, 1]), name="W2")
        self.b2 = tf.Variable(tf.zeros([1]), name="b2")

    @tf.function
    def __call__(self, x):
        h = tf.tanh(tf.matmul(x, self.W1) + self.b1)
        return tf.matmul(h, self.W2)[:, 0] + self.b2[0]


def loss(predicted_y, desired_y):
    return tf.reduce_mean(tf.square(predicted_y - desired_y))


@tf.function
def value_and_gradients(model, inputs, outputs):
    with tf.GradientTape() as t:
        current_loss = loss(model(inputs), outputs)
    return current_loss, t.gradient(current_loss, [model.W1, model.b1, model.W2, model.b2])


def train(model, inputs, outputs, optimizer):
    trainable_variables = [model.W1, model.b1, model.W2, model.b2]
    current_loss, gradients = value_and_gradients(model, inputs, outputs)
    optimizer.apply_gradients(zip(gradients, trainable_variables))
    return current_loss


# Heat loss of a house (scaled), from outside temperature, wind, sun, wall and window area
N = 2000
temp = 9 + 8 * np.sin(np.linspace(0, 4 * np.pi, N)) + np.random.normal(0, 3, N)
wind = np.random.weibull(2.0, N) * 5
sun = np.clip(np.random.normal(250, 160, N) + 14 * (temp - 9), 0, None)
wall = np.random.normal(160, 35, N)
glass = wall * np.random.uniform(.12, .3, N)
need = (21 - temp) * (0.25 * wall + 1.6 * glass) * (1 + 0.02 * wind) - 0.3 * sun * glass
need = np.maximum(need, 0) / 1000

features = np.stack([temp, wind, sun, wall, glass], 1)
features = ((features - features.mean(0)) / features.std(0)).astype(np.float32)
target = ((need - need.mean()) / need.std()).astype(np.float32)

shuffled = np.random.permutation(N)
train_rows, test_rows = shuffled[:1600], shuffled[1600:]

model = Model(5, 32)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.06)
epochs, batch_size = 12, 80

for epoch in range(epochs):
    np.random.shuffle(train_rows)
    total = 0.0
    for start in range(0, len(train_rows), batch_size):
        rows = train_rows[start:start + batch_size]
        total += float(train(model, tf.constant(features[rows]), tf.constant(target[rows]), optimizer))
    print("Epoch %2d: loss=%2.5f" % (epoch, total / (len(train_rows) // batch_size)))

prediction = model(tf.constant(features[test_rows])).numpy()
error = target[test_rows] - prediction
print("test mse %.4f   R2 %.4f" % (np.mean(error ** 2), 1 - np.var(error) / np.var(target[test_rows])))
