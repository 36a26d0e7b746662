"""Intent classifier, ported from our old estimator code base."""
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers


@dataclass(frozen=True)
class ModelConfig:
    vocab_size: int = 200
    seq_len: int = 16
    embed_dim: int = 24
    rnn_units: int = 32
    num_intents: int = 6
    keep_prob: float = 0.9
    learning_rate: float = 3e-3
    num_epochs: int = 8
    batch_size: int = 64


class IntentModel(keras.Model):
    def __init__(self, cfg: ModelConfig):
        super().__init__()
        self.embed = layers.Embedding(cfg.vocab_size, cfg.embed_dim)
        self.drop = layers.Dropout(cfg.keep_prob)  # expect: dropout-too-high
        self.rnn = layers.GRU(cfg.rnn_units)
        self.hidden = layers.Dense(32, activation="relu")
        self.logits = layers.Dense(cfg.num_intents)

    def call(self, tokens, training=False):
        x = self.drop(self.embed(tokens), training=training)
        x = self.rnn(x, training=training)
        x = self.drop(x, training=training)
        x = self.drop(self.hidden(x), training=training)
        return self.logits(x)


def utterances(cfg, n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, cfg.num_intents, n)
    x = rng.integers(80, cfg.vocab_size, (n, cfg.seq_len))
    for i, intent in enumerate(y):
        # verb then object, order matters for intents 2k / 2k+1
        where = np.sort(rng.choice(cfg.seq_len, 2, replace=False))
        verb = 10 * (intent // 2) + rng.integers(0, 10)
        obj = 40 + 10 * (intent // 2) + rng.integers(0, 10)
        x[i, where] = (verb, obj) if intent % 2 == 0 else (obj, verb)
    return x.astype("int32"), y.astype("int32")


def main(cfg=ModelConfig()):
    keras.utils.set_random_seed(12)
    x_train, y_train = utterances(cfg, 4000, seed=0)
    x_dev, y_dev = utterances(cfg, 800, seed=1)
    model = IntentModel(cfg)
    model.compile(
        optimizer=keras.optimizers.Adam(cfg.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(x_train, y_train, batch_size=cfg.batch_size, epochs=cfg.num_epochs,
              validation_data=(x_dev, y_dev), verbose=2)
    print("dev accuracy:", model.evaluate(x_dev, y_dev, verbose=0)[1])


if __name__ == "__main__":
    main()
