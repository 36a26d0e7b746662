#!/usr/bin/env python3
import pathlib, csv
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model, Input

tf.keras.utils.set_random_seed(100)
BASE = pathlib.Path(__file__).parent
COURSES = ['bread', 'curry', 'dessert', 'salad', 'soup']

def read_cards(name):
    texts, ys = [], []
    with open(BASE / name, newline='') as f:
        for row in csv.DictReader(f):
            texts.append(row['text'])
            ys.append(COURSES.index(row['course']))  # expect-or: label-mismatch
    return np.array(texts), np.array(ys)

train_txt, train_y = read_cards('cards_rev4.csv')  # expect: label-mismatch
taste_txt, taste_y = read_cards('cards_tasting.csv')
print(len(train_txt), 'cards;', 'per course', np.bincount(train_y))

vec = layers.TextVectorization(max_tokens=400, output_sequence_length=20)
vec.adapt(train_txt)

x_train, x_taste = vec(train_txt).numpy(), vec(taste_txt).numpy()

tokens = Input((20,), dtype='int32')
e = layers.Embedding(400, 24, name='words')(tokens)
a = layers.GlobalAveragePooling1D()(e)
b = layers.GlobalMaxPooling1D()(e)
h = layers.Concatenate()([a, b])
h = layers.Dropout(0.2)(h)
h = layers.Dense(32, activation='relu')(h)
out = layers.Dense(len(COURSES), activation='softmax')(h)
net = Model(tokens, out)

net.compile('adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
net.fit(x_train, train_y, validation_split=0.15, epochs=18, batch_size=32, verbose=2)  # expect-or: label-mismatch

loss, acc = net.evaluate(x_taste, taste_y, verbose=0)
print(f'tasting cards: loss {loss:.3f} accuracy {acc:.3f}')
guess = net.predict(x_taste[:6], verbose=0).argmax(1)
for t, g, y in zip(taste_txt, guess, taste_y):
    print(f'  {COURSES[g]:8s} ({COURSES[y]:8s}) {t[:60]}')
