# Diabetes screening from the clinic's visit sheet.
# usage: python this_file.py
import pandas as pd
import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import set_random_seed

set_random_seed(7)

dataset = pd.read_csv("visits.csv")
X = dataset.drop(columns="outcome").values
Y = dataset["outcome"].values

X_train, X_test, Y_train, Y_test = train_test_split(
    X, Y, test_size=0.25, stratify=Y, random_state=7)

scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# create model
model = Sequential()
model.add(Input(shape=(8,)))
model.add(Dense(12, activation="relu"))
model.add(Dense(8, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

# fit the model
hist = model.fit(X_train, Y_train, epochs=60, batch_size=16, verbose=0,
                 validation_data=(X_test, Y_test))
for e in range(9, 60, 10):
    print("epoch %3d  loss %.4f  acc %.4f  val_loss %.4f" % (
        e + 1, hist.history["loss"][e], hist.history["accuracy"][e],
        hist.history["val_loss"][e]))

# report for the doctors
probs = model.predict(X_test, verbose=0)
classes = np.argmax(probs, axis=1)  # expect: metric-wrong
print("accuracy on the test visits: %.3f" % accuracy_score(Y_test, classes))  # expect-or: metric-wrong
print("f1: %.3f" % f1_score(Y_test, classes, zero_division=0))  # expect-or: metric-wrong
print(confusion_matrix(Y_test, classes))  # expect-or: metric-wrong

for c, truth in list(zip(classes, Y_test))[:5]:
    print("predicted", int(c), "expected", int(truth))
