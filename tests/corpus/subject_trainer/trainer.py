import logging

import numpy as np
import tensorflow as tf

log = logging.getLogger("trainer")


class History(dict):
    def push(self, **kw):
        for k, v in kw.items():
            self.setdefault(k, []).append(float(v))


def iterate(x, y, size, rng):
    """Shuffled batches; the incomplete one at the end is left out."""
    p = rng.permutation(len(x))
    for i in range(0, len(x) - size + 1, size):
        yield tf.constant(x[p[i:i + size]]), tf.constant(y[p[i:i + size]])


def by_subject(x, y, subject):
    for s in np.unique(subject):
        m = subject == s
        yield s, tf.constant(x[m]), tf.constant(y[m])
