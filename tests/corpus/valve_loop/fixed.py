import tensorflow as tf, numpy as np
rng = np.random.default_rng(12)
N = 3000
p = rng.uniform(0, 1, (N, 6)).astype(np.float32)
flow = (np.sin(3*p[:, 0]) + p[:, 1]*p[:, 2]*2 - (p[:, 3]-.5)**2*4 + 0.05*rng.standard_normal(N)).astype(np.float32)
flow = (flow - flow.mean())/flow.std()
tr, te = slice(0, 2400), slice(2400, N)
tf.random.set_seed(12)
net = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(48, 'tanh'), tf.keras.layers.Dense(48, 'tanh'), tf.keras.layers.Dense(1)])
opt = tf.keras.optimizers.SGD(0.05, momentum=0.9)
CLIP = 5.0

@tf.function
def step(x, y):
    with tf.GradientTape() as t:
        e = tf.reduce_mean((net(x, training=True)[:, 0] - y)**2)
    g = t.gradient(e, net.trainable_variables)
    g, n = tf.clip_by_global_norm(g, CLIP)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return e, n

ds = tf.data.Dataset.from_tensor_slices((p[tr], flow[tr])).shuffle(2400, seed=1).batch(60)
for ep in range(30):
    for x, y in ds:
        e, n = step(x, y)
    if ep % 5 == 4:
        r = net(p[te])[:, 0].numpy() - flow[te]
        print(ep + 1, 'train', float(e), 'test R2', 1 - (r**2).mean()/flow[te].var())
