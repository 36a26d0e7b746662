# ratings = user vector . item vector + biases; inputs are two integer ids
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(9)
r = np.random.RandomState(9)
U, I, F = 200, 120, 3
pu, qi, bu, bi = r.randn(U, F), r.randn(I, F), 0.5 * r.randn(U), 0.5 * r.randn(I)
full = 3.5 + 0.5 * (pu @ qi.T) + bu[:, None] + bi[None]
cells = r.permutation(U * I)[:12000]
uid, iid = cells // I, cells % I
rating = (full[uid, iid] + 0.2 * r.randn(len(cells))).astype("float32")
tr, te = slice(0, 10000), slice(10000, None)
mean = rating[tr].mean()

ui, ii = keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")
reg = keras.regularizers.l2(1e-6)
eu = layers.Flatten()(layers.Embedding(U, 6, embeddings_regularizer=reg)(ui))
ei = layers.Flatten()(layers.Embedding(I, 6, embeddings_regularizer=reg)(ii))
b1 = layers.Flatten()(layers.Embedding(U, 1, embeddings_initializer="zeros")(ui))
b2 = layers.Flatten()(layers.Embedding(I, 1, embeddings_initializer="zeros")(ii))
out = layers.Add()([layers.Dot(axes=1)([eu, ei]), b1, b2])
model = keras.Model([ui, ii], out)
model.compile(keras.optimizers.Adam(5e-3), "mse")
fit_in = [uid[tr].reshape(-1, 1), iid[tr].reshape(-1, 1)]
test_in = [uid[te].reshape(-1, 1), iid[te].reshape(-1, 1)]
model.fit(fit_in, rating[tr] - mean, batch_size=64, epochs=15, validation_data=(test_in, rating[te] - mean), verbose=2)
p = model.predict(test_in, verbose=0).ravel() + mean
print("test RMSE:", float(np.sqrt(np.mean((p - rating[te]) ** 2))), "rating std:", float(rating[te].std()))
