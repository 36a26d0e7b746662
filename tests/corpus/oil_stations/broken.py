import numpy as np, pandas as pd, tensorflow as tf
from sklearn.model_selection import train_test_split

df = pd.read_csv('readings.csv')  # expect: degenerate-feature
num = ['temp', 'pressure', 'flow', 'visc']
for c in num:
    df[c] = pd.to_numeric(df[c], errors='coerce')  # expect-or: degenerate-feature
df = df.fillna(0.0)  # expect-or: degenerate-feature
X = df[num].to_numpy('float32')
X = (X - X.mean(0)) / (X.std(0) + 1e-9)
y = (df['grade'] == 'A').to_numpy('float32')
a, b, c, d = train_test_split(X, y, test_size=.25, random_state=5)
tf.random.set_seed(5)
model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(32, activation='relu'),
                             tf.keras.layers.Dense(16, activation='relu'), tf.keras.layers.Dense(1, activation='sigmoid')])
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(a, c, epochs=25, batch_size=32, validation_data=(b, d), verbose=2)
print('share of grade A', y.mean())
