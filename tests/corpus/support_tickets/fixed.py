import pandas as pd
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
import os

path = os.path.dirname(os.path.abspath(__file__))
df_train = pd.read_csv(os.path.join(path, 'train.csv'))
df_valid = pd.read_csv(os.path.join(path, 'valid_2.csv'))
print(df_train.shape, df_valid.shape)
print(df_train.head())
print(df_train.queue.value_counts())

queues = sorted(df_train.queue.unique())
queue2id = {q: i for i, q in enumerate(queues)}
y_train = df_train.queue.map(queue2id).values
y_valid = df_valid.queue.map(queue2id).values

VOCAB = 300
MAXLEN = 24
EMB = 16
tf.keras.utils.set_random_seed(2024)

vectorize = layers.TextVectorization(max_tokens=VOCAB, output_sequence_length=MAXLEN)
vectorize.adapt(df_train.text.values)
x_train = vectorize(df_train.text.values).numpy()
x_valid = vectorize(df_valid.text.values).numpy()
print('vocab', len(vectorize.get_vocabulary()))


def build_model():
    inp = layers.Input(shape=(MAXLEN,))
    x = layers.Embedding(VOCAB, EMB, mask_zero=True)(inp)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(24, activation='relu')(x)
    out = layers.Dense(len(queues), activation='softmax')(x)
    model = tf.keras.Model(inp, out)
    model.compile(loss='sparse_categorical_crossentropy',
                  optimizer=tf.keras.optimizers.Adam(learning_rate=0.005),
                  metrics=['accuracy'])
    return model


model = build_model()
model.summary()
es = tf.keras.callbacks.EarlyStopping(monitor='val_loss', patience=2, restore_best_weights=True)
hist = model.fit(x_train, y_train,
                 validation_data=(x_valid, y_valid),
                 epochs=8, batch_size=32, callbacks=[es], verbose=2)

pred = model.predict(x_valid, verbose=0)
best = pred.argmax(axis=1)
print('validation accuracy: %.4f' % (best == y_valid).mean())
for q in queues:
    m = y_valid == queue2id[q]
    print(q, 'n =', m.sum(), 'recall = %.3f' % (best[m] == queue2id[q]).mean())

wrong = np.where(best != y_valid)[0][:3]
for i in wrong:
    print('MISS', df_valid.text[i][:60], '| true', df_valid.queue[i], '| said', queues[best[i]])
