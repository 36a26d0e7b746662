"""Accelerometer-like windows: features of 40 users, six activities."""
import numpy as np


def load_windows(n=3000, n_feat=30, n_act=6, n_users=40, seed=0):
    rng = np.random.default_rng(seed)
    centre = rng.normal(0, 0.8, (n_act, n_feat))
    user_shift = rng.normal(0, 0.25, (n_users, n_feat))
    act = rng.integers(0, n_act, n)
    user = rng.integers(0, n_users, n)
    x = centre[act] + user_shift[user] + rng.normal(0, 1, (n, n_feat))
    x[:, :5] += 0.4 * x[:, 5:10] * np.cos(act)[:, None]
    test = user >= 30
    pack = lambda m: (x[m].astype("float32"), act[m].astype("int32"), user[m])
    return pack(~test), pack(test)


def recordings(x, act, user):
    """One recording is one user doing one activity, in the order of the study protocol."""
    for u in np.unique(user):
        for a in np.unique(act):
            m = (user == u) & (act == a)
            if m.any():
                yield u, a, x[m]
