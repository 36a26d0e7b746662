import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import set_random_seed

set_random_seed(7)
data = load_breast_cancer()
X = MinMaxScaler().fit_transform(data.data)
X_train, X_test, y_train, y_test = train_test_split(X, data.target, test_size=0.2, random_state=7)

classifier = Sequential()
classifier.add(Input(shape=(30,)))
classifier.add(Dense(units=16, activation='relu'))
classifier.add(Dense(units=8, activation='relu'))
classifier.add(Dense(units=1, activation='sigmoid'))
classifier.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
classifier.fit(X_train, y_train, batch_size=10, epochs=30, verbose=2)
y_pred = classifier.predict(X_test, verbose=0) > 0.5
print("accuracy on the test set:", np.mean(y_pred.ravel() == y_test))
