import tensorflow as tf, numpy as np
from sklearn.datasets import make_friedman2
from sklearn.preprocessing import StandardScaler
X, y = make_friedman2(1500, noise=20, random_state=2)
X = StandardScaler().fit(X[:1200]).transform(X)
y = (y - y[:1200].mean()) / y[:1200].std()
tf.random.set_seed(2)
L, C = tf.keras.layers, tf.keras.constraints
def block(h, n):
    return L.Dense(n, activation='relu', kernel_constraint=C.MaxNorm(3))(h)
i = tf.keras.Input((4,))
o = L.Dense(1)(block(block(i, 64), 64))
m = tf.keras.Model(i, o)
m.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss='mse', metrics=['mae'])
m.fit(X[:1200], y[:1200], epochs=30, batch_size=32, validation_data=(X[1200:], y[1200:]), verbose=2)
p = m.predict(X[1200:], verbose=0)[:, 0]
print('R2', 1 - ((p - y[1200:])**2).mean()/y[1200:].var())
