import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(27)
rng = np.random.default_rng(27)
words = 300
good, bad = np.full(words, 1.0), np.full(words, 1.0)
good[:30] = 4.0
bad[30:60] = 4.0


def reviews(n):
    label = rng.integers(0, 2, n)
    rows = []
    for l in label:
        p = good if l else bad
        rows.append(rng.multinomial(40, p / p.sum()))
    return np.array(rows, "float32"), label.astype("float32")


x, y = reviews(1500)
xt, yt = reviews(500)

model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(16, activation="relu"))
model.add(tf.keras.layers.Dense(1))
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
sgd = tf.keras.optimizers.SGD(learning_rate=0.5)


@tf.function
def step(bx, by):
    with tf.GradientTape() as tape:
        score = model(bx, training=True)
        loss = bce(by[:, tf.newaxis], score)
    g = tape.gradient(loss, model.trainable_variables)
    sgd.apply_gradients(zip(g, model.trainable_variables))
    return loss


for epoch in range(12):
    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1500).batch(30, drop_remainder=True)
    losses = [float(step(bx, by)) for bx, by in ds]
    print(f"epoch {epoch}: loss {np.mean(losses):.4f}")
print("test accuracy", np.mean((model(xt).numpy()[:, 0] > 0) == (yt > 0.5)))
