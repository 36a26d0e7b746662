#!/usr/bin/env python
# coding: utf-8

# In[1]:
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.layers import Input, Embedding, Flatten, Dropout, Dense, Concatenate, Dot
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.regularizers import l2

tf.keras.utils.set_random_seed(11)

# In[2]:
# user_id / item_id / score (1 = bought after viewing, 0 = viewed only)
n_users, n_items = 250, 120
rs = np.random.RandomState(5)
taste = rs.randn(n_users, 3)
kind = rs.randn(n_items, 3)
pop = rs.randn(n_items) * 0.8
u = rs.randint(0, n_users, 16000)
i = rs.randint(0, n_items, 16000)
logit = 1.6 * (taste[u] * kind[i]).sum(axis=1) + pop[i]
score = (rs.rand(len(u)) < 1 / (1 + np.exp(-2 * logit))).astype(int)
df = pd.DataFrame({'user_id': u, 'item_id': i, 'score': score})
df = df.drop_duplicates(['user_id', 'item_id'])
print(df.head())
print(df.score.value_counts(normalize=True))

# In[3]:
train = df.sample(frac=0.85, random_state=1)
valid = df.drop(train.index)

# In[4]:
n_latent_factors = 16

user_input = Input(shape=(1,), name='user_input', dtype='int64')
user_embedding = Embedding(n_users, n_latent_factors, name='user_embedding',
                           embeddings_initializer='he_normal',
                           embeddings_regularizer=l2(1e-6))(user_input)
user_vec = Flatten(name='FlattenUsers')(user_embedding)
user_vec = Dropout(0.2)(user_vec)

item_input = Input(shape=(1,), name='item_input', dtype='int64')
item_embedding = Embedding(n_items, n_latent_factors, name='item_embedding',
                           embeddings_initializer='he_normal',
                           embeddings_regularizer=l2(1e-6))(item_input)
item_vec = Flatten(name='FlattenItems')(item_embedding)
item_vec = Dropout(0.2)(item_vec)

sim = Dot(axes=1, name='Similarity-Dot-Product')([user_vec, item_vec])

nn = Concatenate()([user_vec, item_vec, sim])
nn = Dense(50, activation='relu')(nn)
nn = Dropout(0.2)(nn)
nn = Dense(1, activation='relu')(nn)  # expect: output-activation

nn_model = Model([user_input, item_input], nn)
nn_model.summary()

# In[5]:
nn_model.compile(optimizer=Adam(learning_rate=3e-3), loss='binary_crossentropy', metrics=['accuracy'])

history = nn_model.fit([train.user_id.values, train.item_id.values], train.score.values,
                       batch_size=128, epochs=9,
                       validation_data=([valid.user_id.values, valid.item_id.values], valid.score.values),
                       verbose=2)

# In[6]:
p = nn_model.predict([valid.user_id.values, valid.item_id.values], verbose=0).ravel()
print('share predicted as 1:', round(float((p > 0.5).mean()), 3))
print('valid accuracy      :', round(float(((p > 0.5) == valid.score.values).mean()), 3))
top = valid.assign(p=p).sort_values('p', ascending=False).head(200)
print('precision of the 200 highest:', round(float(top.score.mean()), 3))
