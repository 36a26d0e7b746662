import numpy as np, tensorflow as tf
(x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
o = np.argsort(y, kind="stable"); x, y = x[o] / 255., y[o]  # expect-or: unshuffled
def gen():
    for a, b in zip(x, y): yield a.astype("float32"), b
ds = tf.data.Dataset.from_generator(gen, output_signature=(tf.TensorSpec((28, 28), tf.float32), tf.TensorSpec((), tf.int32)))
ds = ds.shuffle(50).batch(32)  # expect: pipeline-order
m = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(10)])
m.compile(tf.keras.optimizers.SGD(.1), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
m.fit(ds, epochs=4, verbose=0)
print(m.evaluate(xt / 255., yt, verbose=0))
