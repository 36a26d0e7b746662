"""Multi-label tagging of recipes: bag of ingredients + cooking time -> any number of 15 tags."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(40)
g = np.random.default_rng(40)

N_INGR, N_TAGS, N = 250, 15, 7000


def make_recipes(n):
    tags = (g.random((n, N_TAGS)) < RATES).astype("float32")
    p = 0.02 + np.zeros((n, N_INGR))
    for t in range(N_TAGS):
        p[:, SIGNATURE[t]] += 0.45 * tags[:, [t]]
    bag = (g.random((n, N_INGR)) < p.clip(0, 0.95)).astype("float32")
    minutes = (20 + 40 * tags[:, 0] + 25 * tags[:, 1] + g.gamma(2, 6, n)).astype("float32")
    return {"ingredients": bag, "minutes": minutes[:, None]}, tags


RATES = g.uniform(0.03, 0.12, N_TAGS)
SIGNATURE = [g.choice(N_INGR, 10, replace=False) for _ in range(N_TAGS)]

x_train, y_train = make_recipes(N)
x_val, y_val = make_recipes(1500)
x_test, y_test = make_recipes(1500)
print(f"tags per recipe {y_train.sum(1).mean():.2f}, recipes without a tag {np.mean(y_train.sum(1) == 0):.1%}")


def f1_micro(y, hit):
    tp = (y * hit).sum()
    return 2 * tp / (y.sum() + hit.sum())


bag_in = tf.keras.Input((N_INGR,), name="ingredients")
min_in = tf.keras.Input((1,), name="minutes")
h = tf.keras.layers.Dense(64, activation="relu")(bag_in)
m = tf.keras.layers.BatchNormalization()(min_in)
m = tf.keras.layers.Dense(8, activation="relu")(m)
h = tf.keras.layers.Concatenate()([h, m])
h = tf.keras.layers.Dropout(0.3)(h)
bias = tf.keras.initializers.Constant(float(np.log(y_train.mean() / (1 - y_train.mean()))))
out = tf.keras.layers.Dense(N_TAGS, activation="sigmoid", bias_initializer=bias)(h)
model = tf.keras.Model({"ingredients": bag_in, "minutes": min_in}, out)

model.compile(
    optimizer=tf.keras.optimizers.Nadam(1e-3),
    loss="binary_crossentropy",
    metrics=[
        tf.keras.metrics.BinaryAccuracy(name="bin_acc"),
        tf.keras.metrics.AUC(name="pr", curve="PR", multi_label=True, num_labels=N_TAGS),
    ],
)
model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=64, epochs=10, verbose=2)

p = model.predict(x_test, verbose=0)
hit = (p > 0.5).astype("float32")
print()
print(f"all-zero answer: binary accuracy {np.mean(y_test == 0):.4f}, micro F1 0")
print(f"network        : binary accuracy {np.mean(y_test == hit):.4f}, micro F1 {f1_micro(y_test, hit):.3f}, "
      f"exact match {np.mean((hit == y_test).all(1)):.3f}")
