import numpy as np
import tensorflow as tf2
tf = tf2.compat.v1
tf.disable_eager_execution()

# LARS (You, Gitman, Ginsburg 2017): large batches, one local rate per layer.

FLAGS = dict(batch=500, epochs=28, base_lr=5.0, warmup=20, eta=0.002, momentum=0.9, wd=5e-4, seed=33)

np.random.seed(FLAGS['seed']); tf.set_random_seed(FLAGS['seed'])
(xa, ya), (xb, yb) = tf2.keras.datasets.fashion_mnist.load_data()
mu, sd = xa.mean(), xa.std()
prep = lambda x: ((x.reshape(len(x), -1) - mu) / sd).astype('float32')
xa, xb, ya, yb = prep(xa), prep(xb), ya.astype('int64').ravel(), yb.astype('int64').ravel()
steps_per_epoch = len(xa) // FLAGS['batch']
total = steps_per_epoch * FLAGS['epochs']

x = tf.placeholder(tf.float32, [None, 784])
t = tf.placeholder(tf.int64, [None])
keep = tf.placeholder_with_default(1.0, [])


def fc(h, n, name, act=None):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [h.shape[1], n], initializer=tf.variance_scaling_initializer(2.0 if act else 1.0))
        b = tf.get_variable('b', [n], initializer=tf.zeros_initializer())
        z = tf.matmul(h, w) + b
        return act(z) if act else z


h = fc(x, 128, 'fc1', tf.nn.relu)
h = tf.nn.dropout(h, rate=1 - keep)
h = fc(h, 64, 'fc2', tf.nn.relu)
logits = fc(h, 10, 'out')
xent = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=logits))
correct = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), t), tf.float32))

# linear warm-up, then polynomial decay
it = tf.Variable(0, trainable=False, dtype=tf.int64)
f = tf.cast(it, tf.float32)
rate = FLAGS['base_lr'] * tf.minimum((f + 1) / FLAGS['warmup'], 1.0) * tf.square(1 - f / total)


def lars(loss, variables):
    ops = []
    for var, g in zip(variables, tf.gradients(loss, variables)):
        v = tf.Variable(tf.zeros(var.shape), trainable=False)
        if var.shape.ndims > 1:
            g = g + FLAGS['wd'] * var
            nw, ng = tf.norm(var), tf.norm(g)
            local = FLAGS['eta'] * nw / (ng + 1e-9)
        else:
            local = 0.01          # biases: no decay, a plain fixed ratio
        v_new = v.assign(FLAGS['momentum'] * v + rate * local * g)
        ops.append(var.assign_sub(v_new))
    with tf.control_dependencies(ops):
        return it.assign_add(1)


train_op = lars(xent, tf.trainable_variables())

with tf.Session(config=tf.ConfigProto(inter_op_parallelism_threads=1)) as s:
    s.run(tf.global_variables_initializer())
    for e in range(FLAGS['epochs']):
        order = np.random.permutation(len(xa)).reshape(steps_per_epoch, -1)
        for rows in order:
            _, l, r = s.run([train_op, xent, rate], {x: xa[rows], t: ya[rows], keep: 0.6})
        if e % 4 == 0 or e == FLAGS['epochs'] - 1:
            vl, va = s.run([xent, correct], {x: xb, t: yb})
            ta = s.run(correct, {x: xa, t: ya})
            print('epoch {:2d}  rate {:.2f}  loss {:.3f}  train acc {:.3f}  val loss {:.3f}  val acc {:.3f}'.format(e, r, l, ta, vl, va))
    print('final accuracy {:.4f}'.format(va))
