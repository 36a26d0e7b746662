"""Plain TensorFlow, no layers: a deep ReLU network on handwritten digits."""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits


@dataclass
class Config:
    depth: int = 12
    width: int = 64
    lr: float = 1e-3
    batch: int = 64
    epochs: int = 25
    seed: int = 7


def init_params(cfg, n_in, n_out):
    sizes = [n_in] + [cfg.width] * cfg.depth + [n_out]
    params = []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        # He et al. 2015: N(0, 2 / fan_in)
        w = tf.random.normal((fan_in, fan_out), stddev=2.0 / fan_in)  # expect: init-too-small  # expect-or: vanishing-gradient
        params.append((tf.Variable(w), tf.Variable(tf.zeros(fan_out))))
    return params


def forward(params, x):
    for w, b in params[:-1]:
        x = tf.nn.relu(x @ w + b)
    w, b = params[-1]
    return x @ w + b


def main(cfg=Config()):
    tf.random.set_seed(cfg.seed)
    np.random.seed(cfg.seed)
    digits = load_digits()
    x = ((digits.data - digits.data.mean()) / digits.data.std()).astype("float32")
    y = digits.target.astype("int32")
    perm = np.random.permutation(len(x))
    x, y = x[perm], y[perm]
    x_tr, y_tr, x_te, y_te = x[:1400], y[:1400], x[1400:], y[1400:]

    params = init_params(cfg, 64, 10)
    flat = [v for pair in params for v in pair]
    optimizer = tf.keras.optimizers.Adam(cfg.lr)

    @tf.function
    def step(xb, yb):
        with tf.GradientTape() as tape:
            logits = forward(params, xb)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=yb, logits=logits))
        optimizer.apply_gradients(zip(tape.gradient(loss, flat), flat))
        return loss

    ds = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(1400, seed=cfg.seed)
    ds = ds.batch(cfg.batch, drop_remainder=True)
    for epoch in range(cfg.epochs):
        losses = [float(step(xb, yb)) for xb, yb in ds]
        if epoch % 3 == 0 or epoch == cfg.epochs - 1:
            acc = np.mean(np.argmax(forward(params, x_te).numpy(), axis=1) == y_te)
            print(f"[{epoch:02d}] loss={np.mean(losses):.4f} test_acc={acc:.3f}")


if __name__ == "__main__":
    main()
