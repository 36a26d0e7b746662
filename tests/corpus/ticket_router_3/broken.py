#!/usr/bin/env python
# coding: utf-8

# # Routing support tickets
# exported from ticket_router.ipynb

# In[1]:

import os
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(2024)
HERE = os.path.dirname(os.path.abspath(__file__))

# In[2]:

tickets = pd.read_csv(os.path.join(HERE, "tickets.csv"))
tickets["label"] = tickets["queue"].astype("category").cat.codes
class_names = list(tickets["queue"].astype("category").cat.categories)
print(tickets["queue"].value_counts())

train_df, test_df = train_test_split(tickets, test_size=0.2, stratify=tickets["label"], random_state=0)
train_df, val_df = train_test_split(train_df, test_size=0.15, stratify=train_df["label"], random_state=0)


# In[3]:

def to_dataset(frame, shuffle=True, batch_size=32):
    ds = tf.data.Dataset.from_tensor_slices((frame["message"].values, frame["label"].values.astype("int32")))
    if shuffle:
        ds = ds.shuffle(buffer_size=len(frame))  # expect-or: metric-wrong
    return ds.batch(batch_size).prefetch(2)


train_ds = to_dataset(train_df)
val_ds = to_dataset(val_df, shuffle=False)
test_ds = to_dataset(test_df)  # expect: metric-wrong

# In[4]:

vectorize = keras.layers.TextVectorization(max_tokens=2000, output_sequence_length=30)
vectorize.adapt(train_ds.map(lambda text, label: text))

train_ids = train_ds.map(lambda text, label: (vectorize(text), label))
val_ids = val_ds.map(lambda text, label: (vectorize(text), label))
test_ids = test_ds.map(lambda text, label: (vectorize(text), label))  # expect-or: metric-wrong

# In[5]:

inputs = keras.Input(shape=(30,), dtype="int64")
x = keras.layers.Embedding(vectorize.vocabulary_size(), 32)(inputs)
x = keras.layers.Conv1D(48, 3, padding="same", activation="relu")(x)
x = keras.layers.GlobalMaxPooling1D()(x)
x = keras.layers.Dropout(0.3)(x)
outputs = keras.layers.Dense(len(class_names), activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(train_ids, validation_data=val_ids, epochs=14, verbose=2)

# In[6]:

probs = model.predict(test_ids, verbose=0)  # expect-or: metric-wrong
y_pred = np.argmax(probs, axis=1)
y_true = np.concatenate([label.numpy() for _, label in test_ids])  # expect-or: metric-wrong

print(classification_report(y_true, y_pred, target_names=class_names))  # expect-or: metric-wrong
print(confusion_matrix(y_true, y_pred))  # expect-or: metric-wrong
print("test accuracy: %.3f" % np.mean(y_true == y_pred))  # expect-or: metric-wrong
