from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tensorflow.keras import optimizers
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import set_random_seed

set_random_seed(0)

dataset = load_iris()
X = dataset.data.astype(float)
y = dataset.target

encoder = OneHotEncoder()
y = encoder.fit_transform(y.reshape(-1, 1)).toarray()

X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, random_state=1, stratify=y)

scalar = StandardScaler()
X_train = scalar.fit_transform(X_train)
X_val = scalar.transform(X_val)

# create model
model = Sequential()
model.add(Input(shape=(4,)))
model.add(Dense(8, activation='relu'))
model.add(Dense(3, activation='softmax'))

# Compile model
adam = optimizers.Adam(learning_rate=0.0025, beta_1=0.9, beta_2=0.999, epsilon=1e-08)
model.compile(loss='categorical_crossentropy', optimizer=adam, metrics=['accuracy'])

# Fit the model
log = model.fit(X_train, y_train, epochs=55, batch_size=10, validation_data=(X_val, y_val), verbose=0)

h = log.history
print('epoch   loss    acc     val_loss  val_acc')
for e in range(0, 55, 6):
    print('%4d   %.4f  %.4f   %.4f   %.4f' % (e + 1, h['loss'][e], h['accuracy'][e], h['val_loss'][e], h['val_accuracy'][e]))

flat = sum(1 for a, b in zip(h['val_accuracy'][:-1], h['val_accuracy'][1:]) if a == b)
print('epochs without any change of the validation accuracy:', flat, 'of', len(h['loss']) - 1)
print('final: loss %.4f accuracy %.4f val_accuracy %.4f' % (h['loss'][-1], h['accuracy'][-1], h['val_accuracy'][-1]))
