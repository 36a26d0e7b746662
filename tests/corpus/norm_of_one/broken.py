# tiny batches of 1 with batch norm
import keras
from keras import layers
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
keras.utils.set_random_seed(12)
X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = keras.Sequential([keras.Input((30,)), layers.Dense(16), layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(8), layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(X[:450], y[:450], batch_size=1, epochs=4, validation_data=(X[450:], y[450:]), verbose=2)  # expect: batch-size
