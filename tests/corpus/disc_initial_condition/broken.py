import tensorflow as tf
import numpy as np
from time import time

tf.random.set_seed(0)

lb = tf.constant([0, 0], dtype=np.float32)
ub = tf.constant([1, 1], dtype=np.float32)
N_0 = 512
Nepochs = 600
lr = 0.002


def fun_u_0(xx):
    # initial condition: 1 inside the disc, 0 outside
    c_0 = 0.5 * (lb + ub)
    rr = 0.25 * tf.reduce_min(ub - lb)
    dsq = tf.math.reduce_sum((xx - c_0) * (xx - c_0), axis=1)
    return tf.where(dsq <= rr * rr, 1.0, 0.0)  # expect-or: loss-shape


def init_model(num_hidden_layers=2, num_neurons_per_layer=64):
    model = tf.keras.Sequential()
    model.add(tf.keras.Input(shape=(2,)))
    for _ in range(num_hidden_layers):
        model.add(tf.keras.layers.Dense(num_neurons_per_layer,
                                        activation=tf.keras.layers.LeakyReLU(),
                                        kernel_initializer="glorot_uniform"))
    # Output is one-dimensional
    model.add(tf.keras.layers.Dense(1))
    return model


def compute_loss(model, X_0, u_0):
    u_pred = model(X_0, training=True)
    return tf.reduce_mean(tf.square(u_0 - u_pred))  # expect-or: loss-shape


def get_grad(model, X_0, u_0):
    with tf.GradientTape() as tape:
        loss = compute_loss(model, X_0, u_0)
    g = tape.gradient(loss, model.trainable_variables)
    return loss, g


# Draw the collocation points of the initial condition
xy_0 = tf.random.uniform((N_0, 2), lb, ub, dtype=np.float32)
u_0 = fun_u_0(xy_0)  # expect: loss-shape

model = init_model()
model.summary()
optim = tf.keras.optimizers.Adam(learning_rate=lr)


@tf.function
def train_step():
    loss, grad_theta = get_grad(model, xy_0, u_0)
    optim.apply_gradients(zip(grad_theta, model.trainable_variables))
    return loss


hist = []
t0 = time()
for i in range(Nepochs + 1):
    loss = train_step()
    hist.append(loss.numpy())
    if i % 100 == 0:
        print('It {:05d}: loss = {:10.8e}'.format(i, hist[-1]))
print('Computation time: {:.1f} seconds'.format(time() - t0))

# look at the solution along the diagonal of the domain
s = np.linspace(0, 1, 11).astype(np.float32)
diag = np.stack([s, s], axis=1)
u_diag = model.predict(diag, verbose=0).ravel()
u_ref = fun_u_0(tf.constant(diag)).numpy()
for k in range(len(s)):
    print('x=y={:.1f}   u_0={:.0f}   u_nn={:+.3f}'.format(s[k], u_ref[k], u_diag[k]))

grid = np.stack(np.meshgrid(np.linspace(0, 1, 64), np.linspace(0, 1, 64)), -1).reshape(-1, 2).astype(np.float32)
inside = model.predict(grid, batch_size=1024, verbose=0).ravel() > 0.5
ref = fun_u_0(tf.constant(grid)).numpy() > 0.5
print('IoU of the disc: {:.3f}'.format((inside & ref).sum() / max(1, (inside | ref).sum())))
