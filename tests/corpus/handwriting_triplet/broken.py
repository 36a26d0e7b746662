"""Embed handwritten digits with a triplet margin loss, then score with 5-NN."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

tf.random.set_seed(11)
np.random.seed(11)

digits = load_digits()
X = (digits.data / 16.0).astype("float32")
y = digits.target.astype("int32")
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, stratify=y, random_state=4)

embed = tf.keras.Sequential(
    [
        tf.keras.Input((64,)),
        tf.keras.layers.Dense(96, activation="relu"),
        tf.keras.layers.Dense(48, activation="relu"),
        tf.keras.layers.Dense(12),
    ],
    name="embedder",
)


def pairwise(e):
    """Euclidean distance of every row to every other row."""
    sq = tf.reduce_sum(tf.square(e[:, None, :] - e[None, :, :]), axis=-1)
    return tf.sqrt(sq)  # expect: loss-numerics


def batch_hard(labels, e, margin=0.6):
    d = pairwise(e)
    same = tf.cast(tf.equal(labels[:, None], labels[None, :]), tf.float32)
    far_pos = tf.reduce_max(d * same, axis=1)
    near_neg = tf.reduce_min(d + 1e3 * same, axis=1)
    return tf.reduce_mean(tf.nn.relu(far_pos - near_neg + margin))


adam = tf.keras.optimizers.Adam(1e-3)


@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        loss = batch_hard(yb, embed(xb, training=True))
    grads = tape.gradient(loss, embed.trainable_variables)
    adam.apply_gradients(zip(grads, embed.trainable_variables))
    return loss


ds = tf.data.Dataset.from_tensor_slices((Xtr, ytr)).shuffle(2000, seed=1).batch(64, drop_remainder=True)

for epoch in range(12):
    losses = [float(step(xb, yb)) for xb, yb in ds]
    print(f"epoch {epoch + 1:2d}  triplet loss {np.mean(losses):.4f}")

etr, ete = embed(Xtr).numpy(), embed(Xte).numpy()
if np.isfinite(etr).all():
    knn = KNeighborsClassifier(5).fit(etr, ytr)
    print("5-NN accuracy on held-out digits:", round(knn.score(ete, yte), 3))
else:
    print("embeddings are not finite, skipping k-NN")
