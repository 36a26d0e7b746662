"""Small memory: gradients of eight micro batches are summed before an update."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

x, y = make_moons(2400, noise=.15, random_state=1)
x = x.astype('float32'); y = y.astype('float32')[:, None]
rng = np.random.default_rng(0)
tf.random.set_seed(0)
W = [tf.Variable(tf.random.normal((a, b))*(2/a)**.5) for a, b in ((2, 32), (32, 32), (32, 1))]
B = [tf.Variable(tf.zeros(b)) for b in (32, 32, 1)]
params = W + B
total = [tf.Variable(tf.zeros_like(p), trainable=False) for p in params]
MICRO, EVERY, LR = 16, 8, .3

def forward(a):
    for i in range(3):
        a = a @ W[i] + B[i]
        if i < 2:
            a = tf.nn.relu(a)
    return a

@tf.function
def accumulate(a, b):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(b, forward(a)))
    for t, g in zip(total, tape.gradient(loss, params)):
        t.assign_add(g/EVERY)  # expect-or: update-missing
    return loss

@tf.function
def update():
    for p, t in zip(params, total):  # expect-or: exploding-gradient
        p.assign_sub(LR*t)  # expect: lr-too-high

for epoch in range(20):
    for n, i in enumerate(range(0, 1920, MICRO), 1):
        loss = accumulate(x[i:i+MICRO], y[i:i+MICRO])
        if n % EVERY == 0:
            update()
    acc = np.mean((forward(x[1920:]).numpy() > 0) == (y[1920:] > .5))
    print(epoch, float(loss), 'held out', acc)
