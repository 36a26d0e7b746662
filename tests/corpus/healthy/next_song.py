"""Which song comes next? Item-to-item model from listening sessions of a small radio."""
import collections
import dataclasses

import keras
import numpy as np
import tensorflow as tf


@dataclasses.dataclass
class Config:
    n_songs: int = 300
    n_moods: int = 12
    sessions: int = 1000
    length: int = 14
    context: int = 3
    dim: int = 24
    batch: int = 128
    epochs: int = 6
    lr: float = 4e-3


def listen(cfg, seed):
    rng = np.random.default_rng(seed)
    mood_of = np.random.default_rng(1).integers(0, cfg.n_moods, cfg.n_songs)
    shelf = [np.flatnonzero(mood_of == m) for m in range(cfg.n_moods)]
    sessions = []
    for _ in range(cfg.sessions):
        mood, row = rng.integers(cfg.n_moods), []
        for _ in range(cfg.length):
            if rng.random() < 0.06:
                mood = rng.integers(cfg.n_moods)
            row.append(rng.choice(shelf[mood]) if rng.random() < 0.95
                       else rng.integers(cfg.n_songs))
        sessions.append(row)
    return np.array(sessions, "int32")


def examples(sessions, cfg, shuffle):
    def cut(row):
        frames = tf.signal.frame(row, cfg.context + 1, 1)
        return tf.data.Dataset.from_tensor_slices((frames[:, :-1], frames[:, -1]))

    ds = tf.data.Dataset.from_tensor_slices(sessions)
    ds = ds.interleave(cut, cycle_length=8, block_length=2, num_parallel_calls=1)
    if shuffle:
        ds = ds.cache().shuffle(12000, seed=2)
    return ds.batch(cfg.batch)


class TiedNextItem(keras.Model):
    def __init__(self, cfg):
        super().__init__()
        self.songs = keras.layers.Embedding(cfg.n_songs, cfg.dim, embeddings_initializer="glorot_normal")
        self.mix = keras.layers.Dense(cfg.dim)
        self.prior = self.add_weight(shape=(cfg.n_songs,), initializer="zeros", name="prior")

    def call(self, context):
        h = self.mix(keras.ops.mean(self.songs(context), axis=1))
        return keras.ops.matmul(h, keras.ops.transpose(self.songs.embeddings)) + self.prior


def main():
    cfg = Config()
    keras.utils.set_random_seed(33)
    past, fresh = listen(cfg, 10), listen(dataclasses.replace(cfg, sessions=250), 11)
    counts = collections.Counter(past.ravel().tolist())
    popular = [s for s, _ in counts.most_common(30)]
    targets = fresh[:, cfg.context:].ravel()
    print(f"always the most popular song: hit@1 {np.mean(targets == popular[0]):.4f}, "
          f"hit@30 {np.mean(np.isin(targets, popular)):.4f}")

    model = TiedNextItem(cfg)
    model.compile(
        optimizer=keras.optimizers.Adam(cfg.lr),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseTopKCategoricalAccuracy(k, name=f"hit{k}") for k in (1, 30)],
    )
    model.fit(examples(past, cfg, True), validation_data=examples(fresh, cfg, False),
              epochs=cfg.epochs, verbose=2)


if __name__ == "__main__":
    main()
