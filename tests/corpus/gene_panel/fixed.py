"""Sparse classifier for a gene expression panel: 140 patients, 600 genes, a handful of which matter."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
rng = np.random.default_rng(17)

N_GENES = 600
causal = rng.choice(N_GENES, 5, replace=False)
effect = np.array([2.4, -2.2, 2.0, -2.0, 1.8])


def cohort(n):
    expr = rng.normal(size=(n, N_GENES)).astype("float32")
    risk = expr[:, causal] @ effect
    return expr, (risk + rng.normal(0, 0.5, n) > 0).astype("float32")[:, None]


X_train, y_train = cohort(140)
X_valid, y_valid = cohort(600)

clf = tf.keras.Sequential(
    [
        tf.keras.Input((N_GENES,)),
        tf.keras.layers.Dense(
            1,
            kernel_regularizer=tf.keras.regularizers.L1(0.05),
            kernel_initializer=tf.keras.initializers.RandomNormal(stddev=0.05),
            name="genes",
        ),
    ]
)
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(5e-3)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        data_term = bce(y, clf(x, training=True))
        loss = data_term + tf.add_n(clf.losses)
    optimizer.apply_gradients(zip(tape.gradient(loss, clf.trainable_variables), clf.trainable_variables))
    return data_term


def evaluate(x, y):
    z = clf(x)
    return float(bce(y, z)), float(np.mean((z.numpy() > 0) == (y > 0.5)))


ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(140, seed=1).batch(20)
for epoch in range(1, 101):
    for xb, yb in ds:
        train_step(xb, yb)
    if epoch % 20 == 0:
        (lt, at), (lv, av) = evaluate(X_train, y_train), evaluate(X_valid, y_valid)
        print(f"epoch {epoch:3d}  train {lt:.3f} / {at:.3f}   valid {lv:.3f} / {av:.3f}")

w = clf.get_layer("genes").get_weights()[0].ravel()
top = np.argsort(-np.abs(w))[:5]
print("five largest weights sit on genes", sorted(top.tolist()))
print("planted genes                    ", sorted(causal.tolist()))
print("share of weights above 0.02: %.2f" % np.mean(np.abs(w) > 0.02))
