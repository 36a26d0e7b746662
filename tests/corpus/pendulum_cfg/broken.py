"""Physics-informed fit of a damped pendulum: sparse angle readings plus the equations of motion."""
import os
import sys

import keras
import numpy as np
import tensorflow as tf

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import settings
from field import make_field, residuals


def reference(cfg, n=1001):
    """Runge-Kutta solution, used for the readings and for the final comparison."""
    def f(s):
        return np.array([s[1], -cfg.damping * s[1] - cfg.k * np.sin(s[0])])
    t = np.linspace(0.0, cfg.t_end, n)
    h, s, out = t[1] - t[0], np.array([cfg.theta0, 0.0]), []
    for _ in t:
        out.append(s[0])
        a = f(s); b = f(s + h / 2 * a); c = f(s + h / 2 * b); d = f(s + h * c)
        s = s + h / 6 * (a + 2 * b + 2 * c + d)
    return t.astype("float32")[:, None], np.array(out, "float32")[:, None]


cfg = settings.load(os.path.join(here, "run_a.yml"))  # expect: no-nonlinearity
keras.utils.set_random_seed(cfg.seed)
rng = np.random.default_rng(cfg.seed)

t_ref, th_ref = reference(cfg)
pick = np.sort(rng.choice(len(t_ref), 14, replace=False))
t_obs = tf.constant(t_ref[pick])
th_obs = tf.constant(th_ref[pick] + rng.normal(0, 0.02, (14, 1)).astype("float32"))
t_start = tf.zeros((1, 1))
s_start = tf.constant([[cfg.theta0, 0.0]], tf.float32)

net = make_field(cfg)  # expect-or: no-nonlinearity
schedule = keras.optimizers.schedules.CosineDecay(cfg.lr, cfg.steps, alpha=0.02)
opt = keras.optimizers.Adam(schedule)


@tf.function
def train_chunk(n):
    phys = sens = init = tf.constant(0.0)
    for _ in tf.range(n):
        t = tf.random.uniform((cfg.points, 1), 0.0, cfg.t_end)
        with tf.GradientTape() as tape:
            r1, r2 = residuals(net, t, cfg)  # expect-or: no-nonlinearity
            phys = tf.reduce_mean(r1 ** 2) + tf.reduce_mean(r2 ** 2)
            sens = tf.reduce_mean((net(t_obs)[:, :1] - th_obs) ** 2)
            init = tf.reduce_mean((net(t_start) - s_start) ** 2)
            loss = phys + cfg.sensor_weight * sens + cfg.start_weight * init
        grads = tape.gradient(loss, net.trainable_variables)
        opt.apply_gradients(zip(grads, net.trainable_variables))
    return phys, sens, init


opt.build(net.trainable_variables)
for block in range(8):
    phys, sens, init = train_chunk(tf.constant(cfg.steps // 8))
    print(f"step {(block + 1) * (cfg.steps // 8):5d}   physics {phys:.4f}   readings {sens:.4f}   start {init:.5f}")

fit = net(tf.constant(t_ref))[:, :1].numpy()
print(f"relative L2 error of the angle: {np.linalg.norm(fit - th_ref) / np.linalg.norm(th_ref):.3f}")
