import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Input, Conv2D, MaxPooling2D, Flatten, Dense, Dropout
from tensorflow.keras.models import Model
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau
from tensorflow.keras.utils import to_categorical, set_random_seed
from sklearn.model_selection import train_test_split
from sklearn.metrics import confusion_matrix

set_random_seed(8)
labels_name = ['empty', 'sitting', 'lying']
IMG = 24


def fake_camera(kind, rng):
    """ 8 bit picture from the thermal camera over the bed (the real pictures are private) """
    img = rng.normal(70, 8, (IMG, IMG))
    r, c = rng.randint(6, IMG - 6, 2)
    yy, xx = np.mgrid[0:IMG, 0:IMG]
    if kind == 1:
        img += 95 * np.exp(-((yy - r) ** 2 + (xx - c) ** 2) / 14.)
    elif kind == 2:
        img += 90 * np.exp(-((yy - r) ** 2) / 6. - ((xx - c) ** 2) / 90.)
    return np.clip(img, 0, 250).astype('uint8')


rng = np.random.RandomState(8)
label = rng.randint(0, 3, 1200)
data = np.array([fake_camera(k, rng) for k in label])
data = data.reshape(-1, IMG, IMG, 1)
print(data.shape, data.dtype, data.min(), data.max())

# normalize
data = data / 255
label = to_categorical(label, 3)

X_train, X_val, y_train, y_val = train_test_split(data, label, test_size=0.25, random_state=8)

inp = Input(shape=(IMG, IMG, 1))
x = Conv2D(16, (3, 3), activation='relu', padding='same')(inp)
x = MaxPooling2D((2, 2))(x)
x = Conv2D(32, (3, 3), activation='relu', padding='same')(x)
x = MaxPooling2D((2, 2))(x)
x = Flatten()(x)
x = Dense(48, activation='relu')(x)
x = Dropout(0.3)(x)
out = Dense(3, activation='softmax')(x)
model = Model(inputs=inp, outputs=out)
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

cbs = [EarlyStopping(monitor='val_loss', patience=5, restore_best_weights=True),
       ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=3)]
model.fit(X_train, y_train, validation_data=(X_val, y_val), batch_size=32, epochs=10, callbacks=cbs, verbose=2)

y_pred = model.predict(X_val, verbose=0).argmax(axis=1)
print(labels_name)
print(confusion_matrix(y_val.argmax(axis=1), y_pred))
print('val acc = %.3f' % np.mean(y_pred == y_val.argmax(axis=1)))
