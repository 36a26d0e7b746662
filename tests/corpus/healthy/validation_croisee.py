# Validation croisée à 4 plis sur le jeu "breast cancer" : un modèle neuf par pli
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

GRAINE = 42
N_PLIS = 4
tf.keras.utils.set_random_seed(GRAINE)

donnees = load_breast_cancer()
X = donnees.data.astype("float32")
y = donnees.target.astype("float32")


def creer_modele(n_entrees):
    entree = tf.keras.Input(shape=(n_entrees,))
    h = tf.keras.layers.Dense(16, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(5e-3))(entree)
    h = tf.keras.layers.Dropout(0.2)(h)
    sortie = tf.keras.layers.Dense(1, activation="sigmoid")(h)
    modele = tf.keras.Model(entree, sortie)
    modele.compile(
        optimizer=tf.keras.optimizers.Adam(3e-3),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return modele


plis = StratifiedKFold(n_splits=N_PLIS, shuffle=True, random_state=GRAINE)
scores, aucs, predictions_hors_pli = [], [], np.zeros(len(y), dtype="float32")

for k, (app, val) in enumerate(plis.split(X, y), start=1):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(GRAINE + k)
    echelle = StandardScaler().fit(X[app])
    Xa, Xv = echelle.transform(X[app]), echelle.transform(X[val])
    modele = creer_modele(X.shape[1])
    histo = modele.fit(Xa, y[app], validation_data=(Xv, y[val]), epochs=25, batch_size=32, verbose=0)
    p = modele(Xv).numpy().ravel()
    predictions_hors_pli[val] = p
    scores.append(np.mean((p > 0.5) == y[val]))
    aucs.append(roc_auc_score(y[val], p))
    print(
        f"pli {k} : perte app. {histo.history['loss'][-1]:.4f}, perte val. {histo.history['val_loss'][-1]:.4f}, "
        f"exactitude val. {scores[-1]:.3f}, AUC {aucs[-1]:.4f}"
    )

print(f"\nexactitude moyenne : {np.mean(scores):.3f} ± {np.std(scores):.3f}")
print(f"AUC hors pli       : {roc_auc_score(y, predictions_hors_pli):.4f}")
