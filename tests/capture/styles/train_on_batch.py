"""train_on_batch, test_on_batch, predict_on_batch."""

import random
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Input, BatchNormalization

random.seed(0); np.random.seed(0); keras.utils.set_random_seed(0)

N, D, C = 1200, 12, 5
means = np.random.randn(C, D) * 1.5
labels = np.random.randint(0, C, N)
data = (means[labels] + np.random.randn(N, D)).astype(np.float32)
one_hot = np.eye(C, dtype=np.float32)[labels]

model = Sequential([Input(shape=(D,)), Dense(40, activation='relu'), BatchNormalization(), Dense(C, activation='softmax')])
model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=['accuracy'])

batch_size = 48
tr = np.arange(0, 1000)
for epoch in range(2):
    np.random.shuffle(tr)
    losses = []
    for s in range(0, len(tr), batch_size):
        rows = tr[s:s + batch_size]
        loss, acc = model.train_on_batch(data[rows], one_hot[rows])
        losses.append(loss)
    tl, ta = model.test_on_batch(data[1000:], one_hot[1000:])
    print('epoch %d loss %.10f acc %.10f' % (epoch, losses[-1], ta))
pred = model.predict_on_batch(data[1000:]).argmax(1)
print('held out accuracy', (pred == labels[1000:]).mean())
