import gc

import numpy as np
import tensorflow as tf
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

RATINGS = 5            # answers are 1, 2, 3, 4, 5
gen = np.random.RandomState(12)


def make_survey(n=5000):
    X = gen.normal(size=(n, 5))
    satisfaction = 1.3 * X[:, 0] - 0.8 * X[:, 1] + 0.4 * X[:, 2]
    opinion = 1 + np.digitize(satisfaction, [-1.5, -0.5, 0.5, 1.5])
    # a quarter of the people tick some other box
    other = 1 + (opinion - 1 + gen.randint(1, RATINGS, size=n)) % RATINGS
    careless = gen.rand(n) < 0.25
    return X.astype("float32") * [3, 1, 1, 10, 1], np.where(careless, other, opinion), opinion


X, answers, opinion = make_survey()
print("answers:", dict(zip(*np.unique(answers, return_counts=True))))
print("share of answers equal to the honest opinion: %.3f" % np.mean(answers == opinion))


def build_model():
    reg = tf.keras.regularizers.L2(3e-4)
    return tf.keras.models.Sequential([
        tf.keras.layers.InputLayer(shape=(5,)),
        tf.keras.layers.Dense(16, activation="relu", kernel_regularizer=reg),
        tf.keras.layers.Dense(16, activation="relu", kernel_regularizer=reg),
        tf.keras.layers.Dense(RATINGS + 1, activation="softmax"),
    ])


scores, offs, honest = [], [], []
for fold, (a, b) in enumerate(StratifiedKFold(3, shuffle=True, random_state=0).split(X, answers)):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(100 + fold)
    scaler = StandardScaler().fit(X[a])
    model = build_model()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(
            tf.keras.optimizers.schedules.CosineDecay(8e-3, 16 * (len(a) // 64 + 1))),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"])
    h = model.fit(scaler.transform(X[a]), answers[a], epochs=16, batch_size=64, verbose=0)
    guess = model.predict(scaler.transform(X[b]), verbose=0, batch_size=256).argmax(1)
    scores.append(np.mean(guess == answers[b]))
    honest.append(np.mean(guess == opinion[b]))
    offs.append(np.mean(np.abs(guess - answers[b])))
    print("fold %d  fit %.3f  held-out %.3f  (against honest opinion %.3f)  mean |error| %.3f" % (
        fold, h.history["accuracy"][-1], scores[-1], honest[-1], offs[-1]))
    del model
    gc.collect()

majority = np.bincount(answers).max() / len(answers)
print("cross-validated accuracy %.3f +- %.3f; ceiling 0.75, majority answer %.3f" % (
    np.mean(scores), np.std(scores), majority))
