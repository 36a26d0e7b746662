# coding: utf-8
# Notebook -> script.  "Val accuracy very high but the model is useless on the new patients"
# In[1]:
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.metrics import balanced_accuracy_score
from sklearn.preprocessing import StandardScaler
from keras import layers, models, optimizers
SEED = 21
tf.keras.utils.set_random_seed(SEED)

# In[2]:
# (the hospital data is private, this has the same shape & difficulty)
X, y = make_classification(n_samples=4000, n_features=16, n_informative=6, n_redundant=0, weights=[0.85],
                           flip_y=0.04, class_sep=1.6, n_clusters_per_class=2, random_state=SEED)
df = pd.DataFrame(X, columns=[f'lab_{i}' for i in range(16)])
df['sick'] = y
known, new_patients = df.iloc[:1200], df.iloc[1200:]
known.sick.value_counts()

# In[3]:
# balance: imblearn is not installed on the server so by hand
def oversample(frame):
    big = frame.sick.value_counts().max()
    parts = [g.sample(big, replace=True, random_state=SEED) for _, g in frame.groupby('sick')]
    return pd.concat(parts).sample(frac=1.0, random_state=SEED)

# In[4]:
train, val = train_test_split(known, test_size=0.3, random_state=SEED)
train = oversample(train)

scaler = StandardScaler().fit(train.drop(columns='sick'))
def xy(f):
    return scaler.transform(f.drop(columns='sick')).astype('float32'), f.sick.values.astype('float32')
x_train, y_train = xy(train)
x_val, y_val = xy(val)

# In[5]:
model = models.Sequential([
    layers.Input(shape=(16,)),
    layers.Dense(48, activation='relu'),
    layers.Dense(24, activation='relu'),
    layers.Dense(1, activation='sigmoid')])
model.compile(optimizers.Adam(2e-3), 'binary_crossentropy', metrics=['accuracy'])
h = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=12, batch_size=32, verbose=0)
pd.DataFrame(h.history).round(3).iloc[::4]

# In[6]:
def bal(f):
    a, b = xy(f)
    return balanced_accuracy_score(b, model.predict(a, verbose=0)[:, 0] > .5)
print('train accuracy        %.3f' % h.history['accuracy'][-1])
print('val accuracy          %.3f' % h.history['val_accuracy'][-1])
print('balanced acc, val     %.3f' % bal(val))
print('balanced acc, new     %.3f' % bal(new_patients))
