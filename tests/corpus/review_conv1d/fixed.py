import random
import numpy as np
import keras
from keras import Sequential
from keras.layers import (Embedding, Conv1D, MaxPool1D, Dropout, Flatten, Dense, TextVectorization)
from keras.regularizers import l2

random.seed(6)
keras.utils.set_random_seed(6)

# ---- three kinds of short hotel remarks ------------------------------------------
SUBJECTS = "room bed breakfast pool staff shower view lobby carpet wifi parking lift".split()
FILLER = ("we arrived late on friday and the weather was cold but our children wanted to stay "
          "another night near the old harbour before the long drive home").split()
TONE = {
    0: "dirty broken awful rude noisy disappointing stained overpriced smelly dreadful".split(),
    1: "okay average acceptable ordinary fine adequate standard usual plain reasonable".split(),
    2: "lovely spotless superb friendly excellent charming delicious perfect cosy wonderful".split(),
}


def remark(kind):
    words = []
    for _ in range(random.randint(2, 4)):
        tone = TONE[kind] if random.random() < .86 else TONE[random.randrange(3)]
        words += random.choices(FILLER, k=random.randint(1, 4))
        words += ["the", random.choice(SUBJECTS), "was", random.choice(tone)]
    return " ".join(words)


labels = np.array([random.randrange(3) for _ in range(1800)])
texts = [remark(k) for k in labels]
print(labels[0], texts[0])

# ---- to integers -----------------------------------------------------------------
maxlen = 30
vectorize = TextVectorization(max_tokens=400, output_sequence_length=maxlen)
vectorize.adapt(texts)
X = np.array(vectorize(np.array(texts)))
Y = keras.utils.to_categorical(labels, 3)
vocab_size = vectorize.vocabulary_size()
X_train, X_val, Y_train, Y_val = X[:1500], X[1500:], Y[:1500], Y[1500:]

# ---- model -----------------------------------------------------------------------
REG = 1e-5

model = Sequential()
model.add(Embedding(input_dim=vocab_size, output_dim=32))
model.add(Conv1D(32, 3, padding='same', activation='relu', kernel_regularizer=l2(REG)))
model.add(Conv1D(32, 5, padding='same', activation='relu', kernel_regularizer=l2(REG)))
model.add(Conv1D(32, 5, padding='same', activation='relu', kernel_regularizer=l2(REG)))
model.add(MaxPool1D(pool_size=3))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

model.fit(X_train, Y_train, batch_size=32, epochs=10, validation_data=(X_val, Y_val), verbose=2)

p = model.predict(X_val, verbose=0)
print("predicted per class:", np.bincount(p.argmax(1), minlength=3))
print("validation accuracy: %.3f" % (p.argmax(1) == labels[1500:]).mean())
