"""
Keras: val_accuracy 0.02 while accuracy = 1.0 ???

Training accuracy climbs to 100 % after a few epochs, val accuracy drops down to almost 0
and stays there. People told me "overfitting" so I added dropout, made the net smaller. no change.
"""
from __future__ import print_function

import numpy
import pandas as pd
from sklearn import datasets
from sklearn.preprocessing import StandardScaler, LabelEncoder
from keras import Sequential, layers, utils, callbacks

utils.set_random_seed(1337)

# ---------------------------------------------------------------- data
wine = datasets.load_wine(as_frame=True)
dataset = wine.frame
dataset['cultivar'] = ['C%d' % t for t in wine.target]
dataset = dataset.drop(columns=['target']).sample(frac=1, random_state=3)

features = [c for c in dataset.columns if c != 'cultivar']
X = dataset[features].values.astype('float32')
enc = LabelEncoder()
Y = enc.fit_transform(dataset['cultivar'])

sc = StandardScaler()
X = sc.fit_transform(X)

print(dataset.describe().T.head())

# ---------------------------------------------------------------- net
model = Sequential([
    layers.Input((X.shape[1],)),
    layers.Dense(20, activation='relu'),
    layers.Dropout(0.2),
    layers.Dense(len(enc.classes_), activation='softmax'),
])
model.compile(optimizer='adam',
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])

history = model.fit(X, Y,
                    epochs=60,
                    batch_size=8,
                    validation_split=0.27,
                    verbose=0)

for e in range(0, 60, 10):
    print(e, 'acc %.3f  val_acc %.3f' % (history.history['accuracy'][e], history.history['val_accuracy'][e]))
print('last val acc: %.3f' % history.history['val_accuracy'][-1])
