"""Two moons with a schedule: exponential decay every step."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

tf.keras.utils.set_random_seed(15)
X, t = make_moons(1200, noise=0.15, random_state=15)
X, t = X.astype(np.float32), t.astype(np.float32)[:, None]

schedule = tf.keras.optimizers.schedules.ExponentialDecay(
    initial_learning_rate=1e-2, decay_steps=500, decay_rate=0.9
)
optimizer = tf.keras.optimizers.Adam(schedule)
net = tf.keras.Sequential([
    tf.keras.layers.Dense(32, "swish"),
    tf.keras.layers.Dense(32, "swish"),
    tf.keras.layers.Dense(1),
])



@tf.function
def train_step(xb, tb):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tb, net(xb)))
    optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


ds = tf.data.Dataset.from_tensor_slices((X[:1000], t[:1000])).shuffle(1000).repeat().batch(40)
for i, (xb, tb) in enumerate(ds.take(600)):
    loss = train_step(xb, tb)
    if i % 100 == 0:
        print(i, loss.numpy())
print("held-out accuracy", np.mean((net(X[1000:]).numpy() > 0) == (t[1000:] > 0.5)))
