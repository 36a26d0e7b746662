import itertools
import keras
import numpy as np
from keras import layers, regularizers
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler

# A small grid: 9 short rehearsals of 25 steps each, all from the SAME initial weights,
# then one proper training with the winner on fresh weights.

data = load_breast_cancer()
x_rest, x_test, y_rest, y_test = train_test_split(
    data.data, data.target, test_size=0.2, stratify=data.target, random_state=5)
x_train, x_val, y_train, y_val = train_test_split(
    x_rest, y_rest, test_size=0.2, stratify=y_rest, random_state=5)
scaler = RobustScaler().fit(x_train)
x_train, x_val, x_test = (np.clip(scaler.transform(a), -5, 5).astype("float32")
                          for a in (x_train, x_val, x_test))


def net(l2):
    return keras.Sequential([
        layers.Input((30,)),
        layers.Dense(20, activation="relu", kernel_regularizer=regularizers.L2(l2)),
        layers.Dense(20, activation="relu", kernel_regularizer=regularizers.L2(l2)),
        layers.Dense(2),
    ])


def ready(model, rate):
    model.compile(keras.optimizers.SGD(rate, momentum=0.9),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])
    return model


keras.utils.set_random_seed(50)
start = net(0.0).get_weights()

results = {}
for rate, l2 in itertools.product([0.002, 0.01, 0.05], [0.0, 1e-4, 1e-3]):
    candidate = ready(net(l2), rate)
    candidate.set_weights(start)
    order = np.random.default_rng(0).permutation(len(x_train))
    for step in range(25):
        pick = np.take(order, range(step * 32, step * 32 + 32), mode="wrap")
        candidate.train_on_batch(x_train[pick], y_train[pick])
    logits = candidate.predict_on_batch(x_val)
    z = logits - logits.max(axis=1, keepdims=True)
    nll = np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(len(z)), y_val])
    results[rate, l2] = nll
    print(f"rate {rate:<6} l2 {l2:<7} validation cross-entropy after 25 steps {nll:.4f}")

best_rate, best_l2 = min(results, key=results.get)
print("winner: rate", best_rate, "l2", best_l2)

keras.utils.set_random_seed(51)
final = ready(net(best_l2), best_rate)
fit = final.fit(
    x_train, y_train, batch_size=32, epochs=60, validation_data=(x_val, y_val), verbose=0,
    callbacks=[
        keras.callbacks.ReduceLROnPlateau(patience=4, factor=0.3),
        keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True),
    ])
print(f"stopped after {len(fit.epoch)} epochs, loss {fit.history['loss'][0]:.4f} -> {fit.history['loss'][-1]:.4f}")
print(f"learning rate at the end {float(final.optimizer.learning_rate):.2e}")
print("test accuracy %.4f" % final.evaluate(x_test, y_test, verbose=0)[1])
