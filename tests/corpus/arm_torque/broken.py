"""Inverse dynamics of the two-link arm, learned from a simulated sweep.

    state (q1, q2, dq1, dq2, ddq1, ddq2)  ->  joint torques (tau1, tau2)
"""
import numpy as np
import keras

import settings as S
from nets import perceptron

keras.utils.set_random_seed(64)
gen = np.random.default_rng(64)


def torques(q, dq, ddq):
    c1, c2, s2 = np.cos(q[:, 0]), np.cos(q[:, 1]), np.sin(q[:, 1])
    c12 = np.cos(q.sum(1))
    a = S.M1 * S.L1 ** 2 / 3 + S.M2 * S.L1 ** 2
    b = S.M2 * S.L2 ** 2 / 3
    d = S.M2 * S.L1 * S.L2 / 2
    m11, m12 = a + b + 2 * d * c2, b + d * c2
    t1 = (m11 * ddq[:, 0] + m12 * ddq[:, 1]
          - d * s2 * (2 * dq[:, 0] * dq[:, 1] + dq[:, 1] ** 2)
          + (S.M1 / 2 + S.M2) * S.G * S.L1 * c1 + S.M2 * S.G * S.L2 / 2 * c12)
    t2 = (m12 * ddq[:, 0] + b * ddq[:, 1] + d * s2 * dq[:, 0] ** 2
          + S.M2 * S.G * S.L2 / 2 * c12)
    return np.stack([t1, t2], 1)


# random smooth sweeps sampled at 20 Hz
n_sweeps, per = S.SAMPLES // 65, 65
Q, T = [], []
for _ in range(n_sweeps):
    t = np.arange(per) / 20.0
    w, ph, amp = gen.uniform(.6, 2.4, (2, 3)), gen.uniform(0, 6.28, (2, 3)), gen.uniform(.2, .8, (2, 3))
    q = (amp[:, :, None] * np.sin(w[:, :, None] * t + ph[:, :, None])).sum(1).T + gen.uniform(0, 1.5, 2)
    dq = (amp[:, :, None] * w[:, :, None] * np.cos(w[:, :, None] * t + ph[:, :, None])).sum(1).T
    ddq = (-amp[:, :, None] * w[:, :, None] ** 2 * np.sin(w[:, :, None] * t + ph[:, :, None])).sum(1).T
    Q.append(np.hstack([q, dq, ddq]))
    T.append(torques(q, dq, ddq) + gen.normal(0, .05, (per, 2)))

cut = int(0.8 * n_sweeps)          # whole sweeps are kept for the test
x_tr, x_te = np.vstack(Q[:cut]), np.vstack(Q[cut:])
y_tr, y_te = np.vstack(T[:cut]), np.vstack(T[cut:])
x_m, x_s, y_m, y_s = x_tr.mean(0), x_tr.std(0), y_tr.mean(0), y_tr.std(0)
x_tr, x_te = (x_tr - x_m) / x_s, (x_te - x_m) / x_s
y_tr, y_te = (y_tr - y_m) / y_s, (y_te - y_m) / y_s

arm = perceptron(6, S.HIDDEN, 2, "relu", "relu", name="arm")  # expect: output-activation
arm.compile(optimizer=keras.optimizers.Adam(S.STEP), loss="mean_squared_error")  # expect-or: output-activation
log = arm.fit(x_tr, y_tr, validation_data=(x_te, y_te),
              epochs=S.EPOCHS, batch_size=S.BATCH, verbose=0)
for e in (0, 4, 9, 19, S.EPOCHS - 1):
    print(f"epoch {e + 1:3d}   train {log.history['loss'][e]:.4f}   test {log.history['val_loss'][e]:.4f}")

fit = arm.predict(x_te, verbose=0)
for j in range(2):
    err = np.sqrt(np.mean((fit[:, j] - y_te[:, j]) ** 2)) * y_s[j]
    r2 = 1 - np.sum((fit[:, j] - y_te[:, j]) ** 2) / np.sum((y_te[:, j] - y_te[:, j].mean()) ** 2)
    print(f"tau{j + 1}: RMSE {err:.3f} Nm, R2 {r2:.3f}")
