"""Batch normalisation rescues a clumsy initialisation: train_step with training=True."""
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        big = tf.keras.initializers.RandomNormal(stddev=0.5)
        self.flat = tf.keras.layers.Flatten()
        self.dense = [tf.keras.layers.Dense(64, use_bias=False, kernel_initializer=big) for _ in range(4)]
        self.norms = [tf.keras.layers.BatchNormalization() for _ in range(4)]
        self.out = tf.keras.layers.Dense(10)

    def call(self, x, training=False):
        x = self.flat(x)
        for dense, norm in zip(self.dense, self.norms):
            x = tf.nn.relu(norm(dense(x), training=training))
        return self.out(x)


tf.keras.utils.set_random_seed(28)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x, xt = x[:2000].astype("float32") / 255, xt[:500].astype("float32") / 255
y, yt = y[:2000], yt[:500]
net, opt = Net(), tf.keras.optimizers.SGD(0.05, momentum=0.9)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(bx, by):
    with tf.GradientTape() as tape:
        loss = loss_fn(by, net(bx, training=True))
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2000).batch(50)
for epoch in range(12):
    for bx, by in data:
        loss = train_step(bx, by)
    print(epoch, float(loss))
print("test accuracy", float(tf.reduce_mean(tf.cast(tf.argmax(net(xt), 1) == yt, tf.float32))))
