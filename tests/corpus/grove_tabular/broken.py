import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.datasets import load_breast_cancer

raw = load_breast_cancer(as_frame=True).frame
raw = raw.rename(columns={'target': 'benign'})
frame = raw.sample(frac=1, random_state=3)  # expect: label-mismatch
feats = [c for c in raw.columns if c != 'benign']
labels = raw['benign'].values  # expect-or: label-mismatch
feat = frame[feats]
feat = (feat - feat.mean()) / feat.std()
cut = 430
mdl = tf.keras.Sequential([tf.keras.layers.Input(shape=(len(feats),)),
                           tf.keras.layers.Dense(20, activation='elu'),
                           tf.keras.layers.Dense(1, activation='sigmoid')])
mdl.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['AUC'])
mdl.fit(feat.values[:cut], labels[:cut], epochs=25, batch_size=20, validation_data=(feat.values[cut:], labels[cut:]), verbose=2)
