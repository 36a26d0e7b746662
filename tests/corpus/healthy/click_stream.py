"""Online learning on a click stream: batch of one, in order of arrival, each event seen once.

Every event is first predicted, then learnt (prequential evaluation), so the running
metric is honest. The order must be kept: user taste drifts during the day.
"""
import math

import numpy as np
import tensorflow as tf

SEED = 36
BUCKETS, EVENTS = 256, 8000
rng = np.random.default_rng(SEED)
tf.random.set_seed(SEED)

ads, sites, hours = rng.integers(0, 30, EVENTS), rng.integers(0, 20, EVENTS), np.arange(EVENTS) * 24 // EVENTS
ad_pull, site_pull = rng.normal(0, 1.5, 30), rng.normal(0, 1.2, 20)
drift = rng.normal(0, 1.2, 30)[ads] * np.sin(np.arange(EVENTS) / EVENTS * np.pi)
logit = -0.7 + ad_pull[ads] + site_pull[sites] + drift
click = (rng.random(EVENTS) < 1 / (1 + np.exp(-logit))).astype("float32")
hashed = np.stack([ads, 30 + sites, 50 + hours], 1).astype("int32") % BUCKETS

weight = tf.Variable(tf.zeros(BUCKETS))                   # a convex problem: zeros are a fine start
bias = tf.Variable(0.0)
optimizer = tf.keras.optimizers.Adagrad(learning_rate=0.3, initial_accumulator_value=0.1)
optimizer.build([weight, bias])


@tf.function(input_signature=[tf.TensorSpec((3,), tf.int32), tf.TensorSpec((), tf.float32)])
def predict_then_learn(slots, y):
    with tf.GradientTape() as tape:
        z = tf.reduce_sum(tf.gather(weight, slots)) + bias
        loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)
    dw, db = tape.gradient(loss, [weight, bias])
    optimizer.apply_gradients([(tf.convert_to_tensor(dw), weight), (db, bias)])
    return tf.sigmoid(z), loss


prob, loss = np.empty(EVENTS), np.empty(EVENTS)
for i in range(EVENTS):
    prob[i], loss[i] = (float(v) for v in predict_then_learn(tf.constant(hashed[i]), tf.constant(click[i])))
    if (i + 1) % 1000 == 0:
        print("event %5d  log loss of the last 1000: %.4f" % (i + 1, loss[i - 999:i + 1].mean()))

late = slice(EVENTS // 4, None)
rate = click[late].mean()
entropy = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate))
pos, neg = prob[late][click[late] == 1], prob[late][click[late] == 0]
truth = 1 / (1 + np.exp(-logit[late]))
bound = -np.mean(click[late] * np.log(truth) + (1 - click[late]) * np.log(1 - truth))
print("click rate %.3f; log loss %.4f (constant rate %.4f, true probabilities %.4f)" % (
    rate, loss[late].mean(), entropy, bound))
print("prequential AUC %.4f" % np.mean(pos[:, None] > neg[None, :]))
