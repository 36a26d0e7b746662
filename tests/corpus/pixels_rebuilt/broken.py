import numpy as np, tensorflow as tf
tf.keras.utils.set_random_seed(0)
(x, _), (xt, _) = tf.keras.datasets.mnist.load_data()
x = x.reshape(-1, 784).astype('float32'); xt = xt.reshape(-1, 784).astype('float32')  # expect: input-scale  # expect-or: target-scale
i = tf.keras.Input((784,))
z = tf.keras.layers.Dense(64, activation='relu')(i)
o = tf.keras.layers.Dense(784, activation='sigmoid')(z)  # expect-or: output-activation  # expect-or: target-scale
ae = tf.keras.Model(i, o)
ae.compile('adam', 'binary_crossentropy')  # expect-or: label-mismatch  # expect-or: target-scale
ae.fit(x, x, epochs=5, batch_size=64, verbose=0)  # expect-or: label-mismatch  # expect-or: input-scale
print(ae.evaluate(xt, xt, verbose=0))
