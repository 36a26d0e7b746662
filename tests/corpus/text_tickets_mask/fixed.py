"""
Text classification with Embedding(mask_zero=True): the loss stands still at 1.386 and accuracy is ~ 27 %, but no error.

Support tickets, 4 departments. Vocabulary and length are small so it should be EASY.
Is the mask lost somewhere? GlobalAveragePooling1D supports masking according to the docs.
"""
import os, re, random, collections
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Embedding, GlobalAveragePooling1D, Dense, Input, LSTM, SpatialDropout1D
from tensorflow.keras.models import Sequential

random.seed(3)
np.random.seed(3)
tf.random.set_seed(3)

WORDS = {
    'billing':  'invoice refund charged card payment twice price euro cancel subscription'.split(),
    'delivery': 'parcel late courier address tracking lost door shipped package week'.split(),
    'account':  'password login email locked reset username verify code account profile'.split(),
    'product':  'broken screen battery noise crack defect button screws cable smells'.split(),
}
FILL = ('i the my is a and please help you not with since yesterday again still want have to for it '
        'hello thanks dear team why when get order customer number problem').split()
DEPARTMENTS = sorted(WORDS)


def ticket(dep):
    n = random.randint(5, 18)
    out = []
    for _ in range(n):
        r = random.random()
        if r < 0.22:
            out.append(random.choice(WORDS[dep]))
        elif r < 0.30:
            out.append(random.choice(WORDS[random.choice(DEPARTMENTS)]))
        else:
            out.append(random.choice(FILL))
    return ' '.join(out)


labels = np.array([random.randrange(4) for _ in range(1800)])
texts = [ticket(DEPARTMENTS[l]) for l in labels]
print(texts[0], '->', DEPARTMENTS[labels[0]])

# ---- tokenizer (the one of keras.preprocessing is deprecated, so I did it with a Counter)
counts = collections.Counter(w for t in texts for w in re.findall(r'[a-z]+', t))
index = {w: i + 1 for i, (w, _) in enumerate(counts.most_common())}
MAXLEN = 18
seqs = np.zeros((len(texts), MAXLEN), dtype='int32')
for row, t in enumerate(texts):
    ids = [index[w] for w in t.split()][:MAXLEN]
    seqs[row, :len(ids)] = ids

n_val = 400
x_train, y_train = seqs[:-n_val], labels[:-n_val]
x_val, y_val = seqs[-n_val:], labels[-n_val:]

model = Sequential([
    Input(shape=(MAXLEN,)),
    Embedding(len(index) + 1, 24, mask_zero=True),
    GlobalAveragePooling1D(),
    Dense(24, activation='relu'),
    Dense(len(DEPARTMENTS)),
])
model.compile(
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    optimizer='adam',
    metrics=['accuracy'],
)
model.fit(x_train, y_train, epochs=25, batch_size=32, validation_data=(x_val, y_val), verbose=2)

pred = model.predict(x_val, verbose=0)
for k in range(3):
    print(texts[len(texts) - n_val + k][:50], pred[k].round(2))
print('predicted:', np.bincount(pred.argmax(1), minlength=4), 'true:', np.bincount(y_val, minlength=4))
print('val accuracy: %.3f' % (pred.argmax(1) == y_val).mean())
