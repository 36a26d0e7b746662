import keras
import tensorflow as tf


def make_field(cfg):
    """Network t -> (theta, omega); t is mapped to [-1, 1] first."""
    t = keras.Input((1,))
    h = keras.layers.Rescaling(2.0 / cfg.t_end, offset=-1.0)(t)
    for _ in range(cfg.depth):
        h = keras.layers.Dense(cfg.width, activation=cfg.activation)(h)
    return keras.Model(t, keras.layers.Dense(2)(h))


def residuals(net, t, cfg):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(t)
        s = net(t)
        theta, omega = s[:, 0:1], s[:, 1:2]
    dtheta, domega = tape.gradient(theta, t), tape.gradient(omega, t)
    w0 = cfg.k ** 0.5
    r1 = (dtheta - w0 * omega) / w0                       # omega is scaled by w0
    r2 = (w0 * domega + cfg.damping * w0 * omega + cfg.k * tf.sin(theta)) / cfg.k
    return r1, r2
