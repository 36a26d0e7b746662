"""Gradients of four micro-batches for each update, eager."""

import numpy as np
import tensorflow as tf

np.random.seed(0); tf.keras.utils.set_random_seed(0)
N, MICRO, ACC = 2048, 16, 4
x = np.random.randn(N, 12).astype('float32')
w = np.random.randn(12, 6)
y = (x @ w).argmax(-1)
net = tf.keras.Sequential([tf.keras.layers.Dense(40, activation='relu'), tf.keras.layers.Dense(6)])
net.build((None, 12))
opt = tf.keras.optimizers.Adam(5e-3)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
acc_grads = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]
updates = 0
for epoch in range(2):
    perm = np.random.permutation(N)
    tot = 0.0
    for k, s in enumerate(range(0, N, MICRO)):
        xb, yb = x[perm[s:s+MICRO]], y[perm[s:s+MICRO]]
        with tf.GradientTape() as tape:
            loss = loss_fn(yb, net(xb, training=True))
        tot += float(loss)
        for a, g in zip(acc_grads, tape.gradient(loss, net.trainable_variables)):
            a.assign_add(g / ACC)
        if (k + 1) % ACC == 0:
            opt.apply_gradients(zip([a.read_value() for a in acc_grads], net.trainable_variables))
            for a in acc_grads:
                a.assign(tf.zeros_like(a))
            updates += 1
    print(f'epoch {epoch} loss {tot / (N // MICRO):.10f} updates {updates}')
print('acc', float(np.mean(net(x).numpy().argmax(-1) == y)))
