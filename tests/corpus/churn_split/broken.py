import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification

tf.keras.utils.set_random_seed(6)

# stand-in for the customer table (the real one may not leave the company);
# about one label in ten is wrong, as in the original
X, y = make_classification(
    n_samples=2800, n_features=30, n_informative=8, n_redundant=6, n_clusters_per_class=2,
    class_sep=1.6, flip_y=0.2, weights=[0.5], random_state=6,
)
X = X.astype("float32")
y = y.astype("float32")[:, None]

N = len(X)
N_VAL = 800
BATCH = 32

everything = tf.data.Dataset.from_tensor_slices((X, y))
everything = everything.shuffle(N, seed=6)  # expect: leakage
val = everything.take(N_VAL).batch(400)  # expect-or: leakage
train = everything.skip(N_VAL).shuffle(N - N_VAL).batch(BATCH).prefetch(tf.data.AUTOTUNE)  # expect-or: leakage

inputs = tf.keras.layers.Input(shape=(30,))
scale = tf.keras.layers.Normalization()
scale.adapt(train.map(lambda features, label: features))
h = scale(inputs)
for units in (128, 64):
    h = tf.keras.layers.Dense(units)(h)
    h = tf.keras.layers.ReLU()(h)
    h = tf.keras.layers.Dropout(0.2)(h)
outputs = tf.keras.layers.Dense(1, activation="sigmoid")(h)
model = tf.keras.Model(inputs, outputs)

model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
stop = tf.keras.callbacks.EarlyStopping("val_loss", patience=7, restore_best_weights=True)
hist = model.fit(train, validation_data=val, epochs=40, callbacks=[stop], verbose=0)

for i, (a, b, c) in enumerate(zip(hist.history["loss"], hist.history["val_loss"], hist.history["val_accuracy"])):
    if i % 3 == 0:
        print("epoch %2d  loss %.3f  val loss %.3f  val accuracy %.3f" % (i + 1, a, b, c))
print("stopped after %d epochs" % len(hist.history["loss"]))
print("validation loss %.3f, accuracy %.3f" % tuple(model.evaluate(val, verbose=0)))
