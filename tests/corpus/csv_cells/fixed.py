from os.path import join, dirname, abspath
import numpy as np, tensorflow as tf

tf.keras.utils.set_random_seed(19)
here = dirname(abspath(__file__))

raw = np.genfromtxt(join(here, "export_2.csv"), delimiter=",", skip_header=1)
x, y = raw[:, :-1].astype("float32"), raw[:, -1:].astype("float32")
n_val = 140
mu, sd = x[n_val:].mean(0), x[n_val:].std(0)
x = (x - mu) / sd

val = tf.data.Dataset.from_tensor_slices((x[:n_val], y[:n_val])).batch(70)
train = (tf.data.Dataset.from_tensor_slices((x[n_val:], y[n_val:]))
         .shuffle(512, seed=2).batch(32).prefetch(2))

model = tf.keras.Sequential([
    tf.keras.layers.Input((x.shape[1],)),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy", tf.keras.metrics.AUC(name="auc")])
model.fit(train, validation_data=val, epochs=30, verbose=2)

loss, acc, auc = model.evaluate(val, verbose=0)
print("validation: loss %.3f accuracy %.3f auc %.3f" % (loss, acc, auc))
