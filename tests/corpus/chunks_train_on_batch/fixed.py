# The csv is 40 GB so I read it in chunks and use train_on_batch. The accuracy printed is always about 0.5 - 0.6
# for every chunk, does not matter how many passes.
import os, tempfile
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential, layers, optimizers

SEED = 99
np.random.seed(SEED)
tf.random.set_seed(SEED)

FEATURES = 16
_w = np.random.randn(FEATURES)
_v = np.random.randn(FEATURES)


def read_csv_chunks(n_chunks=12, chunksize=192, seed=0):
    """stands for pd.read_csv(..., chunksize=)"""
    r = np.random.RandomState(seed)
    for _ in range(n_chunks):
        x = r.randn(chunksize, FEATURES).astype('float32')
        y = ((x @ _w + 0.35 * (x @ _v) * np.abs(x[:, 0])) > 0).astype('float32')
        yield x, y


x_holdout, y_holdout = next(read_csv_chunks(1, 800, seed=123))

model = Sequential([
    layers.Input(shape=(FEATURES,)),
    layers.Dense(64, activation='relu'),
    layers.Dense(32, activation='relu'),
    layers.Dense(1, activation='sigmoid'),
])
model.compile(optimizer=optimizers.Adam(0.003), loss='binary_crossentropy', metrics=['accuracy'])

ckpt = os.path.join(tempfile.mkdtemp(), 'model.weights.h5')
model.save_weights(ckpt)
batch = 64
for n_pass in range(3):
    for nr, (xc, yc) in enumerate(read_csv_chunks()):
        # continue from the checkpoint, sometimes the job is killed in the night
        model.load_weights(ckpt)
        model.reset_metrics()
        for s in range(0, len(xc), batch):
            out = model.train_on_batch(xc[s:s + batch], yc[s:s + batch])
        model.save_weights(ckpt)
        if nr % 4 == 3:
            print('pass %d chunk %2d  loss %.4f  acc %.4f' % (n_pass, nr, out[0], out[1]))
    p = model.predict_on_batch(x_holdout).ravel()
    print('   holdout accuracy', np.mean((p > 0.5) == y_holdout))
