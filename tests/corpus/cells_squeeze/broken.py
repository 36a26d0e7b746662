from keras.layers import Input, Dense
from keras.models import Model
from keras.optimizers import Adam
from keras.utils import set_random_seed
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
import numpy as np

set_random_seed(3)

# 30 measurements of each cell sample, squeezed into a few numbers and back
data = load_breast_cancer().data
x_train, x_test = train_test_split(data, test_size=0.25, random_state=3)
sc = StandardScaler().fit(x_train)
x_train = sc.transform(x_train)
x_test = sc.transform(x_test)

# this is the size of our encoded representations
encoding_dim = 8

inp = Input(shape=(30,))
h = Dense(24, activation='relu')(inp)
encoded = Dense(encoding_dim)(h)
h = Dense(24, activation='relu')(encoded)
decoded = Dense(30, activation='sigmoid')(h)  # expect: output-activation

# this model maps an input to its reconstruction
autoencoder = Model(inp, decoded)
# and this one only to its code
encoder = Model(inp, encoded)

autoencoder.compile(optimizer=Adam(0.004), loss='mse')
autoencoder.fit(x_train, x_train,
                epochs=60,
                batch_size=32,
                shuffle=True,
                validation_data=(x_test, x_test),
                verbose=0)

rec = autoencoder.predict(x_test, verbose=0)
print('codes of two samples:')
print(encoder.predict(x_test[:2], verbose=0).round(2))
print('first sample, in  :', x_test[0, :6].round(2))
print('first sample, out :', rec[0, :6].round(2))

mse = np.mean((rec - x_test) ** 2)
print('train mse %.4f' % autoencoder.evaluate(x_train, x_train, verbose=0))
print('test  mse %.4f' % mse)
print('variance explained %.3f' % (1 - mse / np.mean(x_test ** 2)))
