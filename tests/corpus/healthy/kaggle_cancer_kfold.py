import warnings
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score, log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

class CFG:
    seed = 13
    n_folds = 3
    epochs = 30
    bs = 32
    lr = 3e-3

tf.keras.utils.set_random_seed(CFG.seed)

raw = load_breast_cancer(as_frame=True)
df = raw.frame
FEATS = [c for c in df.columns if c != "target"]
print(df.shape, "positives:", df.target.mean().round(3))

def get_model(n):
    inp = tf.keras.layers.Input((n,))
    x = tf.keras.layers.Dense(24, activation="swish", kernel_regularizer=tf.keras.regularizers.l2(1e-3))(inp)
    x = tf.keras.layers.Dropout(.2)(x)
    out = tf.keras.layers.Dense(1, activation="sigmoid")(x)
    m = tf.keras.Model(inp, out)
    m.compile(tf.keras.optimizers.Adam(CFG.lr), "binary_crossentropy", metrics=[tf.keras.metrics.AUC(name="auc")])
    return m

oof = np.zeros(len(df))
skf = StratifiedKFold(CFG.n_folds, shuffle=True, random_state=CFG.seed)
for fold, (tr, va) in enumerate(skf.split(df[FEATS], df.target)):
    sc = StandardScaler().fit(df.loc[tr, FEATS])          # fitted inside the fold
    xtr, xva = sc.transform(df.loc[tr, FEATS]), sc.transform(df.loc[va, FEATS])
    ytr, yva = df.target.values[tr], df.target.values[va]
    m = get_model(len(FEATS))
    m.fit(xtr, ytr, epochs=CFG.epochs, batch_size=CFG.bs, verbose=0)
    oof[va] = m.predict(xva, verbose=0).ravel()
    print(f"fold {fold}: auc {roc_auc_score(yva, oof[va]):.4f}  logloss {log_loss(yva, oof[va]):.4f}")
    tf.keras.backend.clear_session()

print(f"CV  AUC: {roc_auc_score(df.target, oof):.4f}   logloss: {log_loss(df.target, oof):.4f}")
