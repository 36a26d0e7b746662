# Titanic - Kaggle, my first neural net
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Dropout, Input
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.model_selection import train_test_split

np.random.seed(7)
tf.random.set_seed(7)

here = os.path.dirname(os.path.abspath(__file__))
train = pd.read_csv(os.path.join(here, 'train.csv'))

# fill missing ages with the mean of the class
train['Age'] = train.groupby('Pclass')['Age'].transform(lambda s: s.fillna(s.mean()))
train['FamilySize'] = train['SibSp'] + train['Parch'] + 1
train['IsAlone'] = (train['FamilySize'] == 1).astype(int)

le = LabelEncoder()
train['Sex'] = le.fit_transform(train['Sex'])
dummies = pd.get_dummies(train['Embarked'], prefix='Emb')
train = pd.concat([train, dummies], axis=1)
train = train.drop(['PassengerId', 'Embarked'], axis=1)

Y = train['Survived'].values
X = train.drop('Survived', axis=1).values.astype('float32')
print(X.shape, Y.shape)

sc = StandardScaler()
X = sc.fit_transform(X)
X_train, X_val, y_train, y_val = train_test_split(X, Y, test_size=0.2, random_state=7)

model = Sequential()
model.add(Input(shape=(X.shape[1],)))
model.add(Dense(32, kernel_initializer='uniform', activation='relu'))
model.add(Dense(32, kernel_initializer='uniform', activation='relu'))
model.add(Dropout(0.2))
model.add(Dense(1, kernel_initializer='uniform', activation='sigmoid'))  # expect-or: output-activation

model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])  # expect: loss-wrong
model.fit(X_train, y_train, batch_size=32, epochs=40, verbose=0,  # expect-or: loss-wrong
          validation_data=(X_val, y_val))

pred = (model.predict(X_val, verbose=0) > 0.5).astype(int).ravel()
print('predicted survivors:', pred.sum(), 'of', len(pred), ' real:', y_val.sum())
print('val accuracy: %.3f' % (pred == y_val).mean())
