import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import roc_auc_score

from towers import TwoTower

CATALOGUE = "products_fp32.npz"
LOG = "purchases.csv"

keras.utils.set_random_seed(8)

log = pd.read_csv(LOG)
catalogue = np.load(CATALOGUE)
vectors = catalogue["vectors"].astype("float32")
n_skus, n_shoppers = len(vectors), int(log.shopper.max()) + 1
print(f"{len(log)} purchases, {n_shoppers} shoppers, {n_skus} products x {vectors.shape[1]}")

# last tenth of every shopper's purchases is held out
rank = log.groupby("shopper").cumcount(ascending=False)
held = rank < 5
fit_log, held_log = log[~held], log[held]
owned = log.groupby("shopper").sku.apply(set)


def attach(who, sku):
    other = tf.random.uniform(tf.shape(sku), maxval=n_skus, dtype=tf.int32)
    return {"who": who, "bought": tf.gather(table, sku), "other": tf.gather(table, other)}


table = tf.constant(vectors)
stream = tf.data.Dataset.from_tensor_slices(
    (fit_log.shopper.to_numpy("int32"), fit_log.sku.to_numpy("int32"))
).shuffle(4096, seed=1).batch(64).map(attach).prefetch(2)

model = TwoTower(n_shoppers)
model.compile(optimizer=keras.optimizers.Adam(5e-3), jit_compile=False)
model.fit(stream, epochs=20, verbose=2)

# ranking quality: bought (held out) against never bought
per_shopper = []
for who in range(n_shoppers):
    pos = held_log[held_log.shopper == who].sku.to_numpy()
    neg = np.array([s for s in range(n_skus) if s not in owned[who]])
    items = np.concatenate([pos, neg])
    truth = np.r_[np.ones(len(pos)), np.zeros(len(neg))]
    scores = model((tf.fill([len(items)], who), tf.constant(vectors[items]))).numpy()
    per_shopper.append(roc_auc_score(truth, scores))
print("held-out ranking AUC: %.3f" % np.mean(per_shopper))
