import keras
import numpy as np
from keras import callbacks, layers

keras.utils.set_random_seed(71)

# Bag of words over an invented vocabulary: two kinds of review that share most words.
rng = np.random.default_rng(71)
VOCAB, LENGTH, N = 600, 40, 1600
common = rng.dirichlet(np.full(VOCAB, 0.3))
tilt = rng.normal(size=VOCAB) * 0.2
good, bad = common * np.exp(tilt), common * np.exp(-tilt)
good, bad = good / good.sum(), bad / bad.sum()
label = rng.integers(2, size=N)
text = np.stack([rng.choice(VOCAB, LENGTH, p=good if l else bad) for l in label])
bags = np.zeros((N, VOCAB), "float32")
np.add.at(bags, (np.arange(N)[:, None], text), 1.0)
bags = np.log1p(bags)

x_train, x_val, x_test = np.split(bags, [1000, 1300])
y_train, y_val, y_test = np.split(label, [1000, 1300])

model = keras.Sequential([
    keras.Input((VOCAB,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(5e-4), loss="binary_crossentropy", metrics=["accuracy"])

stop = callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True, verbose=1)
history = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=60, batch_size=32,
                    callbacks=[stop], verbose=2)

loss, acc = model.evaluate(x_test, y_test, verbose=0)
print(f"stopped after {len(history.epoch)} epochs, best epoch {stop.best_epoch + 1}")
print(f"test loss {loss:.3f}  accuracy {acc:.3f}  larger class {max(y_test.mean(), 1 - y_test.mean()):.3f}")
