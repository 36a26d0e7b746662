"""One tf.function accumulates, another one applies, where the scale of the loss allows it."""

import tensorflow as tf
tf.keras.utils.set_random_seed(1)
model = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(16, 'relu'), tf.keras.layers.Dense(1)])
opt = tf.keras.optimizers.LossScaleOptimizer(tf.keras.optimizers.Adam(0.01)); opt.build(model.trainable_variables)
acc = [tf.Variable(tf.zeros_like(v), trainable=False) for v in model.trainable_variables]
mse = tf.keras.losses.MeanSquaredError()
@tf.function
def micro(x, y):
    with tf.GradientTape() as t:
        loss = opt.scale_loss(mse(y, model(x, training=True)))
    for a, g in zip(acc, t.gradient(loss, model.trainable_variables)):
        a.assign_add(g / 4.0)
    return loss
@tf.function
def apply():
    opt.apply_gradients(zip([a.read_value() for a in acc], model.trainable_variables))
    for a in acc:
        a.assign(tf.zeros_like(a))
X = tf.random.normal([1024, 6]); Y = tf.reduce_sum(X[:, :2], 1, keepdims=True)
n = 0
for e in range(2):
    for i in range(0, 1024, 32):
        loss = micro(X[i:i+32], Y[i:i+32]); n += 1
        if n % 4 == 0:
            apply()
print(float(loss), int(opt.iterations.numpy()), tf.reduce_sum(model.trainable_variables[0]).numpy())
