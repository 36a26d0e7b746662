import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_diabetes

# Will the disease progress faster than for the median patient?
# K folds tell how many epochs to train, then the net is fitted on everything.
keras.utils.set_random_seed(0)
K, MAX_EPOCHS = 4, 40

data = load_diabetes()
X = (data.data / data.data.std(axis=0)).astype('float32')
y = (data.target > np.median(data.target)).astype('float32')

perm = np.random.RandomState(6).permutation(len(X))
X, y = X[perm], y[perm]
X_hold, y_hold = X[:110], y[:110]
X_dev, y_dev = X[110:], y[110:]

model = keras.Sequential([
    keras.Input((X.shape[1],)),
    layers.Dense(128, activation='relu'),
    layers.Dense(64, activation='relu'),
    layers.Dense(1, activation='sigmoid'),
])
# plain SGD keeps no state, so going back to the first weights is a clean restart
model.compile(keras.optimizers.SGD(0.25), 'binary_crossentropy', metrics=['accuracy'])
first_weights = model.get_weights()

folds = np.array_split(np.arange(len(X_dev)), K)
curves = []
for i in range(K):
    val_rows = folds[i]
    train_rows = np.concatenate(folds[:i] + folds[i + 1:])
    model.set_weights(first_weights)
    h = model.fit(X_dev[train_rows], y_dev[train_rows],
                  validation_data=(X_dev[val_rows], y_dev[val_rows]),
                  batch_size=32, validation_batch_size=128, epochs=MAX_EPOCHS, verbose=0)
    curves.append(h.history['val_accuracy'])
    print('fold %d: loss %.3f  val accuracy, last epoch %.3f' % (i + 1, h.history['loss'][-1], curves[-1][-1]))

mean_curve = np.mean(curves, axis=0)
smooth = np.convolve(mean_curve, np.ones(3) / 3, mode='valid')
best = int(np.argmax(smooth)) + 2
print('cross-validated accuracy %.3f after %d epochs' % (mean_curve[best - 1], best))

model.set_weights(first_weights)
model.fit(X_dev, y_dev, batch_size=32, epochs=best, verbose=0)
print('patients kept apart: loss %.3f, accuracy %.3f' % tuple(model.evaluate(X_hold, y_hold, verbose=0)))
