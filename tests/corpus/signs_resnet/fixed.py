# Assignment: residual network for sign recognition (small version on 8x8 pictures)
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras.layers import (Activation, Add, BatchNormalization, Conv2D, Dense, Flatten,
                                     Input, MaxPooling2D)
from tensorflow.keras.models import Model

tf.keras.utils.set_random_seed(42)


def identity_block(X, f, filters, training=True):
    X_shortcut = X
    X = Conv2D(filters, f, padding='same')(X)
    X = BatchNormalization(axis=3, momentum=0.9)(X, training=training)
    X = Activation('relu')(X)
    X = Conv2D(filters, f, padding='same')(X)
    X = BatchNormalization(axis=3, momentum=0.9)(X, training=training)
    X = Add()([X, X_shortcut])
    return Activation('relu')(X)


def top_block(X, units, training=True):
    X = Flatten()(X)
    X = Dense(units)(X)
    X = BatchNormalization(momentum=0.9)(X, training=training)
    return Activation('relu')(X)


def ResNetMini(input_shape=(8, 8, 1), classes=6, training=None):
    X_input = Input(input_shape)
    X = Conv2D(16, 3, padding='same')(X_input)
    X = BatchNormalization(axis=3, momentum=0.9)(X, training=training)
    X = Activation('relu')(X)
    X = identity_block(X, 3, 16, training=training)
    X = MaxPooling2D(2)(X)
    X = top_block(X, 32, training=training)
    X = Dense(classes, activation='softmax')(X)
    return Model(inputs=X_input, outputs=X)


def get_signs():
    digits = load_digits(n_class=6)
    X = (digits.images / 16.0)[..., None].astype('float32')
    Y = np.eye(6)[digits.target].astype('float32')
    return train_test_split(X, Y, test_size=0.2, random_state=0, stratify=digits.target)


X_train, X_test, Y_train, Y_test = get_signs()
print("number of training examples =", X_train.shape[0])
print("number of test examples =", X_test.shape[0])
print("X_train shape:", X_train.shape, " Y_train shape:", Y_train.shape)

model = ResNetMini()
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.001),
              loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, Y_train, epochs=10, batch_size=32, verbose=2)

preds = model.evaluate(X_test, Y_test, verbose=0)
print("Test Accuracy = %.3f" % preds[1])

# one picture at a time, the way the phone app will call it
hits = 0
for k in range(60):
    img = X_test[k:k + 1]
    p = model(img).numpy()[0]
    hits += int(p.argmax() == Y_test[k].argmax())
    if k < 6:
        print("picture %d: true class %d, predicted %d" % (k, Y_test[k].argmax(), p.argmax()), p.round(2))
print("correct when called with single pictures: %d of 60" % hits)
