import numpy as np
import keras
from sklearn.datasets import load_wine
from sklearn.utils import shuffle


def get_model():
    m = keras.Sequential([
        keras.layers.Input((13,)),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ])
    m.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01))
    return m


keras.utils.set_random_seed(1)
X, y = load_wine(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
X, y = shuffle(X, y, random_state=1)
X_train, y_train, X_test, y_test = X[:130], y[:130], X[130:], y[130:]

losses = []
for step in range(25):
    model = get_model()  # expect: update-missing
    rows = np.random.choice(130, 26, replace=False)
    losses.append(float(model.train_on_batch(X_train[rows], y_train[rows])))  # expect-or: update-missing
    if step % 5 == 0:
        print(f"step {step}: {losses[-1]:.3f}")
print("first 10", np.mean(losses[:10]), "last 10", np.mean(losses[-10:]))
print("test loss", model.evaluate(X_test, y_test, verbose=0))
