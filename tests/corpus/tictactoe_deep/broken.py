"""Does the player to move have a winning move?  A deep MLP on tic-tac-toe positions."""
import argparse

import numpy as np
import tensorflow as tf

LINES = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]])


def positions():
    """Every position reachable by legal play in which the game is not over (1 = mover, -1 = other)."""
    seen, stack = set(), [(0,) * 9]
    while stack:
        b = stack.pop()
        if b in seen:
            continue
        arr = np.array(b)
        if (arr[LINES].sum(1) == -3).any() or 0 not in b:
            continue
        seen.add(b)
        for sq in np.flatnonzero(arr == 0):
            nxt = arr.copy()
            nxt[sq] = 1
            stack.append(tuple(int(v) for v in -nxt))
    return np.array(sorted(seen))


def can_win(boards):
    return (boards[:, LINES].sum(-1) == 2).any(1).astype("float32")


class DeepMLP(tf.keras.Model):
    def __init__(self, depth, width, act):
        super().__init__()
        self.blocks = [tf.keras.layers.Dense(width, activation=act) for _ in range(depth)]
        self.head = tf.keras.layers.Dense(1)

    def call(self, x):
        for blk in self.blocks:
            x = blk(x)
        return self.head(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--depth", type=int, default=10)
    parser.add_argument("--width", type=int, default=48)
    parser.add_argument("--act", default="sigmoid", choices=["relu", "tanh", "sigmoid"])  # expect: vanishing-gradient
    parser.add_argument("--epochs", type=int, default=16)
    cfg = parser.parse_args()

    tf.keras.utils.set_random_seed(9)
    boards = positions()
    labels = can_win(boards)
    rng = np.random.default_rng(9)
    perm = rng.permutation(len(boards))
    boards, labels = boards[perm], labels[perm]
    onehot = np.concatenate([boards == 1, boards == -1, boards == 0], axis=1).astype("float32")
    n_test = len(boards) // 5
    print(f"{len(boards)} positions, {labels.mean():.1%} with a win at hand")

    mlp = DeepMLP(cfg.depth, cfg.width, cfg.act)
    mlp.compile(
        optimizer=tf.keras.optimizers.Adam(1e-3),
        loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
    )
    mlp.fit(
        onehot[n_test:], labels[n_test:, None], batch_size=48, epochs=cfg.epochs, verbose=2,
        validation_data=(onehot[:n_test], labels[:n_test, None]),
    )
    loss, acc = mlp.evaluate(onehot[:n_test], labels[:n_test, None], verbose=0)
    print(f"unseen positions: loss {loss:.3f}  acc {acc:.3f}")


if __name__ == "__main__":
    main()
