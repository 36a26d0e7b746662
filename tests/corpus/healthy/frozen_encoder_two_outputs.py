import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import pandas as pd
import keras
from keras import layers, Model, Input
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.decomposition import PCA

"""
Step 1 autoencoder, step 2 freeze encoder and train only two small heads on top (digit and how much ink).
model.summary() says that most of the params are non-trainable. lr 0.1 is not a typo
"""
keras.utils.set_random_seed(31)
d = load_digits()
X = d.data.astype('float32') / 16
ink = X.mean(1, keepdims=True)
ink = (ink - ink.mean()) / ink.std()
tr, te = train_test_split(np.arange(len(X)), test_size=300, random_state=1)

i = Input((64,))
h = layers.Dense(96, activation='relu')(i)
z = layers.Dense(32, activation='relu', name='code')(h)
r = layers.Dense(96, activation='relu')(z)
r = layers.Dense(64, activation='sigmoid')(r)
ae = Model(i, r)
ae.compile('adam', 'binary_crossentropy')     # pixels are in 0..1, so this never goes to 0
ae.fit(X[tr], X[tr], epochs=12, batch_size=64, verbose=2, validation_data=(X[te], X[te]))

encoder = Model(i, z)
encoder.trainable = False
inp = Input((64,))
f = encoder(inp, training=False)
f = layers.BatchNormalization()(f)
digit = layers.Dense(10, activation='softmax', name='digit')(f)
amount = layers.Dense(1, name='ink')(f)
m = Model(inp, {'digit': digit, 'ink': amount})
m.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1),
          loss={'digit': 'sparse_categorical_crossentropy', 'ink': 'mse'},
          loss_weights={'digit': 1.0, 'ink': 0.2},
          metrics={'digit': 'accuracy', 'ink': 'mae'})
m.summary()
m.fit(X[tr], {'digit': d.target[tr], 'ink': ink[tr]}, epochs=12, batch_size=32, verbose=2,
      validation_data=(X[te], {'digit': d.target[te], 'ink': ink[te]}))
print(m.evaluate(X[te], {'digit': d.target[te], 'ink': ink[te]}, verbose=0, return_dict=True))
