import json
import pathlib

import keras
from keras import layers, ops

from events import LENGTH, N_EVENTS, SessionFeed, sessions

HERE = pathlib.Path(__file__).parent
CFG = json.loads((HERE / "workstation.json").read_text())


class TokenAndPosition(layers.Layer):
    def __init__(self, dim, **kw):
        super().__init__(**kw)
        self.tok = layers.Embedding(N_EVENTS, dim)
        self.pos = layers.Embedding(LENGTH, dim)

    def call(self, x):
        return self.tok(x) + self.pos(ops.arange(LENGTH))


def build():
    inp = keras.Input((LENGTH,), dtype="int32")
    h = TokenAndPosition(32)(inp)
    a = layers.MultiHeadAttention(num_heads=2, key_dim=16)(h, h)
    h = layers.LayerNormalization()(h + a)
    h = layers.GlobalMaxPooling1D()(h)
    h = layers.Dense(32, activation="relu")(h)
    return keras.Model(inp, layers.Dense(1, activation="sigmoid")(h))


keras.utils.set_random_seed(CFG["seed"])
batch = CFG["per_replica_batch"] * CFG["replicas"]
x, y = sessions(CFG["sequences"], seed=1)
x_val, y_val = sessions(600, seed=2)
feed = SessionFeed(x, y, batch, CFG["seed"])

model = build()
model.compile(optimizer=keras.optimizers.Adam(CFG["learning_rate"]),
              loss="binary_crossentropy", metrics=["accuracy"])
model.fit(feed, epochs=CFG["epochs"], validation_data=(x_val, y_val), verbose=2)

print("held-out accuracy: %.4f" % model.evaluate(x_val, y_val, verbose=0)[1])
