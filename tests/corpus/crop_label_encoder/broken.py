import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import warnings
warnings.filterwarnings('ignore')
import numpy as np
import pandas as pd
import keras
from keras.models import Sequential
from keras.layers import Dense, Dropout, BatchNormalization, Input
from keras.callbacks import EarlyStopping
from keras.utils import to_categorical
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.model_selection import train_test_split   # not used now, I split by season

keras.utils.set_random_seed(2)

# ---- crop recommendation data (N,P,K,temperature,humidity,ph,rainfall -> label) ----
crops = ['banana', 'chickpea', 'coffee', 'cotton', 'grapes', 'maize', 'mango', 'rice']
centers = {c: np.random.uniform([10, 10, 15, 18, 20, 5.2, 30], [110, 120, 120, 31, 92, 7.6, 250]) for c in crops}
spread = np.array([11, 11, 10, 1.6, 7, .35, 20])
rows = []
for season, n, present in [(2018, 110, crops), (2019, 110, crops), (2020, 60, crops[1:3] + crops[4:])]:
    for c in present:
        for v in centers[c] + spread * np.random.randn(n, 7):
            rows.append(list(v) + [c, season])
df = pd.DataFrame(rows, columns=['N', 'P', 'K', 'temperature', 'humidity', 'ph', 'rainfall', 'label', 'season'])
df = df.sample(frac=1, random_state=0).reset_index(drop=True)
print(df.head()); print(df.groupby('season').label.nunique())

train = df[df.season < 2020]
test = df[df.season == 2020]
feat = ['N', 'P', 'K', 'temperature', 'humidity', 'ph', 'rainfall']

sc = StandardScaler()
X_train = sc.fit_transform(train[feat])
X_test = sc.transform(test[feat])

enc = LabelEncoder()
y_train = to_categorical(enc.fit_transform(train['label']), num_classes=8)
y_test = to_categorical(enc.fit_transform(test['label']), num_classes=8)  # expect: label-mismatch
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)

clf = Sequential()
clf.add(Input((7,)))
clf.add(Dense(64, activation='relu', kernel_initializer='he_uniform'))
clf.add(Dropout(0.2))
clf.add(Dense(32, activation='relu'))
clf.add(Dense(8, activation='softmax'))
clf.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
es = EarlyStopping(monitor='accuracy', patience=10)
h = clf.fit(X_train, y_train, epochs=14, batch_size=32, validation_data=(X_test, y_test), callbacks=[es], verbose=2)  # expect-or: label-mismatch

loss, acc = clf.evaluate(X_test, y_test, verbose=0)  # expect-or: label-mismatch
print('train acc', h.history['accuracy'][-1], 'test acc', acc)
