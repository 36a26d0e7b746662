import numpy as np, keras
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
A = rng.integers(2, 12, (3000, 6)); B = A[:, ::-1]
dec_in = np.concatenate([np.ones((3000, 1), int), B[:, :-1]], 1)
e = keras.Input((6,)); d = keras.Input((6,)); emb = keras.layers.Embedding(12, 16)
_, h, c = keras.layers.LSTM(64, return_state=True)(emb(e))
o = keras.layers.LSTM(64, return_sequences=True)(emb(d), initial_state=[h, c]); o = keras.layers.Dense(12, activation="softmax")(o)
m = keras.Model([e, d], o); m.compile(keras.optimizers.Adam(.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
m.fit([A[:2600], dec_in[:2600]], B[:2600], epochs=10, batch_size=64, validation_data=([A[2600:], dec_in[2600:]], B[2600:]), verbose=0)
print(m.evaluate([A[2600:], dec_in[2600:]], B[2600:], verbose=0))
