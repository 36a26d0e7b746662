"""Two replicas of a mirrored strategy, eager."""

import numpy as np
import tensorflow as tf

cpu, = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
mirrored = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
rng = np.random.default_rng(0)
features = rng.normal(size=(640, 12)).astype(np.float32)
targets = np.tanh(features[:, :1]) + features[:, 1:2]
BATCH = 64
data = tf.data.Dataset.from_tensor_slices((features, targets)).shuffle(640, seed=1).batch(BATCH)
data = mirrored.experimental_distribute_dataset(data)

with mirrored.scope():
    w = tf.Variable(tf.random.stateless_normal((12, 24), (1, 2), stddev=0.3))
    b = tf.Variable(tf.zeros(24))
    v = tf.Variable(tf.random.stateless_normal((24, 1), (3, 4), stddev=0.2))


def replica_step(batch):
    inputs, wanted = batch
    with tf.GradientTape() as tape:
        error = tf.square(tf.nn.tanh(inputs @ w + b) @ v - wanted)
        loss = tf.reduce_sum(error) / BATCH
    slopes = tape.gradient(loss, [w, b, v])
    slopes = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, slopes)
    for variable, slope in zip([w, b, v], slopes):
        variable.assign_sub(0.1 * slope)
    return loss



def step(batch):
    return mirrored.reduce(tf.distribute.ReduceOp.SUM, mirrored.run(replica_step, args=(batch,)), axis=None)


for _ in range(5):
    print([float(step(batch)) for batch in data])
print(tf.reduce_sum(w.read_value()).numpy(), tf.reduce_sum(v.read_value()).numpy())
