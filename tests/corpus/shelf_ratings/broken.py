"""Matrix factorisation for a reading club: stars = mean + biases + <reader, book>."""
import keras
import numpy as np
import pandas as pd
from keras import layers, ops, regularizers

keras.utils.set_random_seed(2)

df = pd.read_csv("ratings.csv")
df = df.sample(frac=1, random_state=2)
readers, books = df.reader.unique(), df.book.unique()
cut = int(len(df) * 0.85)

to_reader = layers.StringLookup(vocabulary=readers)
to_book = layers.IntegerLookup(vocabulary=books)

cfg = dict(dim=6, l2=1e-1, lr=0.01, epochs=13, batch=128)  # expect: regularisation-too-strong


class Factors(keras.Model):
    def __init__(self, n_r, n_b, mean, dim, l2):
        super().__init__()
        reg = regularizers.L2(l2)  # expect-or: regularisation-too-strong
        self.mean = mean
        self.pr = layers.Embedding(n_r, dim, embeddings_initializer="glorot_uniform", embeddings_regularizer=reg)  # expect-or: regularisation-too-strong
        self.pb = layers.Embedding(n_b, dim, embeddings_initializer="glorot_uniform", embeddings_regularizer=reg)  # expect-or: regularisation-too-strong
        self.br = layers.Embedding(n_r, 1, embeddings_initializer="zeros")
        self.bb = layers.Embedding(n_b, 1, embeddings_initializer="zeros")

    def call(self, pair):
        r, b = pair[:, 0], pair[:, 1]
        dot = ops.sum(self.pr(r) * self.pb(b), axis=-1, keepdims=True)
        return self.mean + self.br(r) + self.bb(b) + dot


pairs = np.stack([np.array(to_reader(df.reader.to_numpy(dtype=str))), np.array(to_book(df.book.to_numpy()))], axis=1)
stars = df.stars.to_numpy("float32")[:, None]

mf = Factors(to_reader.vocabulary_size(), to_book.vocabulary_size(), float(stars[:cut].mean()), cfg["dim"], cfg["l2"])  # expect-or: regularisation-too-strong
mf.compile(optimizer=keras.optimizers.Adam(cfg["lr"]), loss="mse",
           metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
log = mf.fit(pairs[:cut], stars[:cut], batch_size=cfg["batch"], epochs=cfg["epochs"], verbose=0,
             validation_data=(pairs[cut:], stars[cut:]))
for e in range(0, cfg["epochs"], 4):
    print(f"{e:3d} rmse {log.history['rmse'][e]:.3f}  val {log.history['val_rmse'][e]:.3f}")
print(f"final val rmse {log.history['val_rmse'][-1]:.3f}, std of the stars {stars[cut:].std():.3f}")
