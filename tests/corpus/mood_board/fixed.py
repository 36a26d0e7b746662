import numpy as np, keras
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
rng = np.random.default_rng(40)
WORDS = {'joy': 'sun laugh dance bright gift smile'.split(), 'fear': 'dark cliff storm shadow knife alone'.split(), 'calm': 'tea lake slow book breeze moss'.split()}
COMMON = 'the day we went and saw some of it again'.split()
texts, moods = [], []
for _ in range(1500):
    m = rng.choice(list(WORDS)); k = rng.integers(2, 5)
    texts.append(' '.join(rng.permutation(list(rng.choice(WORDS[m], k)) + list(rng.choice(COMMON, 6))))); moods.append(m)
vec = TfidfVectorizer().fit(texts[:1200])
X = vec.transform(texts).toarray().astype('float32')
names = sorted(WORDS)
Y = np.zeros((1500, 3), 'float32')
for r, m in enumerate(moods):
    Y[r, names.index(m)] = 1
keras.utils.set_random_seed(40)
model = keras.Sequential([keras.Input((X.shape[1],)), layers.Dense(32, activation='relu'), layers.Dropout(.3),
                          layers.Dense(3), layers.Softmax(axis=-1)])

model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X[:1200], Y[:1200], epochs=15, batch_size=30, validation_data=(X[1200:], Y[1200:]), verbose=2)
p = model.predict(X[1200:1201], verbose=0)
print('one text alone:', p.round(2))
