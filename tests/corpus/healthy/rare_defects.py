"""Defect detection with 3 % positives. Plain accuracy is uninformative here (97 % for free),
so the report is average precision and the confusion matrix at a threshold chosen on validation data."""
import numpy as np
import keras
from keras import layers
from sklearn.metrics import average_precision_score, precision_recall_curve

keras.utils.set_random_seed(42)
rng = np.random.default_rng(42)

N, RATE = 12000, 0.03
y = (rng.random(N) < RATE).astype("int32")
X = rng.normal(size=(N, 8))
# defects sit on a shell in the first three sensors; the mean of every sensor is the same in both classes
shell = rng.normal(size=(N, 3))
shell *= 3.2 / np.linalg.norm(shell, axis=1, keepdims=True)
X[:, :3] = np.where(y[:, None] == 1, shell + 0.2 * rng.normal(size=(N, 3)), 0.7 * X[:, :3])
X = (X * [1, 20, 0.1, 5, 1, 300, 1, 1] + [0, 100, 0, -5, 0, 2000, 0, 3]).astype("float32")   # raw units

tr, va, te = np.split(rng.permutation(N), [7200, 9600])
print("positives:", {k: int(y[i].sum()) for k, i in dict(train=tr, val=va, test=te).items()})

norm = layers.Normalization()
norm.adapt(X[tr])
p = y[tr].mean()
model = keras.Sequential([
    keras.Input((8,)),
    norm,
    layers.Dense(64, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dropout(0.2),
    # start at the base rate instead of 0.5
    layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(np.log(p / (1 - p)))),
])
model.compile(keras.optimizers.Adam(4e-3), "binary_crossentropy",
              metrics=["accuracy", keras.metrics.AUC(curve="PR", name="ap")])
model.fit(X[tr], y[tr], validation_data=(X[va], y[va]), epochs=18, batch_size=256, verbose=2,
          callbacks=[keras.callbacks.EarlyStopping("val_ap", mode="max", patience=6, restore_best_weights=True)])

pv, pt, ptr = (model.predict(X[i], verbose=0, batch_size=1024)[:, 0] for i in (va, te, tr))
prec, rec, thr = precision_recall_curve(y[va], pv)
f1 = 2 * prec * rec / np.maximum(prec + rec, 1e-9)
cut = thr[np.argmax(f1[:-1])]
print(f"\nthreshold from validation: {cut:.3f}")
hat = (pt >= cut).astype(int)
cm = np.zeros((2, 2), int)
np.add.at(cm, (y[te], hat), 1)
print("test confusion (rows true, cols predicted):\n", cm)
print(f"recall {cm[1, 1] / cm[1].sum():.3f}  precision {cm[1, 1] / max(cm[:, 1].sum(), 1):.3f}")
print("average precision  train %.3f  val %.3f  test %.3f   (no skill %.3f)" % (
    average_precision_score(y[tr], ptr), average_precision_score(y[va], pv),
    average_precision_score(y[te], pt), y[te].mean()))
