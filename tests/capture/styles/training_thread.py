"""Training in a thread of its own."""

import threading, queue
import numpy as np
import tensorflow as tf
from tensorflow import keras

results = queue.Queue()

def worker(name, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1000, 5)).astype('float32')
    y = (x.sum(1, keepdims=True) > 0).astype('float32')
    model = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(16, activation='relu'), keras.layers.Dense(1, activation='sigmoid')], name=name)
    opt = keras.optimizers.Adam(0.01)
    bce = keras.losses.BinaryCrossentropy()
    steps = 0
    for epoch in range(2):
        for i in range(0, 1000, 50):
            with tf.GradientTape() as tape:
                loss = bce(y[i:i+50], model(x[i:i+50], training=True))
            g = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(g, model.trainable_variables))
            steps += 1
    results.put((name, steps, repr(float(loss))))

keras.utils.set_random_seed(0)
t = threading.Thread(target=worker, args=('net_a', 1), daemon=True)
t.start()
t.join()
print(results.get())
