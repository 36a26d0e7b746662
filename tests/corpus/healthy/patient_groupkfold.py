"""Repeated gait recordings per patient: cross-validate by patient, then vote with the three nets."""
import numpy as np
import keras
from sklearn.metrics import confusion_matrix, roc_auc_score
from sklearn.model_selection import GroupKFold

keras.utils.set_random_seed(77)
rng = np.random.default_rng(77)


def recordings(n_patients, first_id):
    X, y, who = [], [], []
    for p in range(n_patients):
        sick = int(rng.random() < 0.45)
        own = rng.normal(0, 0.4, 12)
        for _ in range(rng.integers(4, 9)):
            f = own + rng.normal(0, 0.8, 12)
            f[0] += 1.2 * sick
            f[1] -= 1.2 * sick
            f[2] = f[2] + (1.5 * np.sign(f[3]) if sick else 0)
            f[4] += 0.8 * sick
            X.append(f * np.geomspace(0.1, 30, 12) + 5)
            y.append(sick)
            who.append(first_id + p)
    return np.array(X), np.array(y), np.array(who)


X, y, who = recordings(220, 0)
X_new, y_new, who_new = recordings(60, 1000)
print(f"{len(X)} recordings of {len(set(who))} patients, {y.mean():.2f} sick")


def net(steps):
    m = keras.Sequential([
        keras.Input((12,)),
        keras.layers.Dense(32, activation="tanh"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(16, activation="tanh"),
        keras.layers.Dense(2, activation="softmax"),
    ])
    rate = keras.optimizers.schedules.CosineDecay(0.02, steps, warmup_target=0.3, warmup_steps=steps // 10)
    m.compile(optimizer=keras.optimizers.SGD(rate, momentum=0.8),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m


EPOCHS, B = 10, 64
oof = np.zeros(len(X))
members = []
for k, (a, b) in enumerate(GroupKFold(3).split(X, y, who)):
    assert not set(who[a]) & set(who[b])
    mu, sd = X[a].mean(0), X[a].std(0)
    m = net(EPOCHS * int(np.ceil(len(a) / B)))
    h = m.fit((X[a] - mu) / sd, y[a], epochs=EPOCHS, batch_size=B,
              validation_data=((X[b] - mu) / sd, y[b]), verbose=0)
    oof[b] = m((X[b] - mu) / sd).numpy()[:, 1]
    members.append((m, mu, sd))
    print(f"fold {k}: loss {h.history['loss'][0]:.3f} -> {h.history['loss'][-1]:.3f}  "
          f"accuracy {h.history['accuracy'][-1]:.3f}  val accuracy {h.history['val_accuracy'][-1]:.3f}")

print(f"out-of-fold AUC per recording {roc_auc_score(y, oof):.3f}")
ids = np.unique(who)
per_patient = np.array([oof[who == i].mean() for i in ids])
truth = np.array([y[who == i][0] for i in ids])
print(f"out-of-fold AUC per patient   {roc_auc_score(truth, per_patient):.3f}")

vote = np.mean([m((X_new - mu) / sd).numpy()[:, 1] for m, mu, sd in members], axis=0)
ids = np.unique(who_new)
score = np.array([vote[who_new == i].mean() for i in ids])
truth = np.array([y_new[who_new == i][0] for i in ids])
print("new patients, rows truth, columns verdict:")
print(confusion_matrix(truth, score > 0.5))
print(f"AUC {roc_auc_score(truth, score):.3f}")
