# %% [markdown]
# ## VSB-like challenge: partial discharge on power lines?
# Simple baseline, 1D conv net, no feature engineering. Score = ROC AUC

# %%
import numpy as np
import keras
from keras import layers
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


class CFG:
    seed = 2024
    n = 2400
    T = 160
    bs = 64
    epochs = 10
    lr = 2e-3


keras.utils.set_random_seed(CFG.seed)

# %%
# every sensor has its own offset and gain (see the discussion thread "why are the levels so odd?")
def make_signals(n, rng):
    y = (rng.random(n) < 0.45).astype("float32")
    t = np.arange(CFG.T)
    X = np.zeros((n, CFG.T))
    for i in range(n):
        s = np.sin(2 * np.pi * (t / CFG.T + rng.random())) + 0.45 * rng.standard_normal(CFG.T)
        for _ in range(rng.integers(4, 8)):             # bursts; damped and ringing if it's a discharge
            a, p = rng.uniform(1.0, 2.0), rng.integers(5, CFG.T - 25)
            k = np.arange(20)
            shape = np.exp(-k / 5) * np.cos(np.pi * k / 2) if y[i] else np.exp(-k / 5)
            s[p:p + 20] += a * rng.choice([-1, 1]) * shape
        X[i] = rng.normal(0, 3) + rng.lognormal(0, 0.6) * s
    return X[..., None].astype("float32"), y[:, None]


X, y = make_signals(CFG.n, np.random.default_rng(CFG.seed))
X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=0.25, stratify=y, random_state=CFG.seed)
print(X_tr.shape, X_va.shape, float(y_tr.mean()))

# %%
class SignalSequence(keras.utils.PyDataset):
    """Batches, with random flips of sign and of time shift."""

    def __init__(self, X, y, train, **kw):
        super().__init__(**kw)
        self.X, self.y, self.train = X, y, train
        self.rng = np.random.default_rng(CFG.seed + 1)
        self.order = np.arange(len(X))
        self.on_epoch_end()

    def __len__(self):
        return int(np.ceil(len(self.X) / CFG.bs))

    def __getitem__(self, i):
        idx = self.order[i * CFG.bs:(i + 1) * CFG.bs]
        xb = self.X[idx]
        if self.train:
            xb = xb * self.rng.choice([-1.0, 1.0], (len(idx), 1, 1)).astype("float32")
            xb = np.roll(xb, self.rng.integers(CFG.T), axis=1)
        return xb, self.y[idx]

    def on_epoch_end(self):
        if self.train:
            self.rng.shuffle(self.order)


# %%
def get_model():
    inp = layers.Input((CFG.T, 1))
    x = layers.LayerNormalization(center=False, scale=False)(inp)  # expect: degenerate-feature
    for f, k in [(16, 9), (32, 5), (32, 5)]:
        x = layers.Conv1D(f, k, padding="same", activation="relu")(x)
        x = layers.MaxPooling1D(2)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)])
    x = layers.Dropout(0.3)(x)
    out = layers.Dense(1, activation="sigmoid")(x)
    m = keras.Model(inp, out)
    m.compile(keras.optimizers.Adam(CFG.lr), "binary_crossentropy", metrics=["accuracy"])
    return m


model = get_model()
model.fit(
    SignalSequence(X_tr, y_tr, True),
    validation_data=SignalSequence(X_va, y_va, False),
    epochs=CFG.epochs, verbose=2,
    callbacks=[keras.callbacks.LearningRateScheduler(lambda e: CFG.lr * 0.5 ** max(0, e - 5))],
)

# %%
print("CV AUC:", round(roc_auc_score(y_va, model.predict(X_va, verbose=0)), 4))
