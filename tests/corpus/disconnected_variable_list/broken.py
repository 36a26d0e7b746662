import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(71)
(x, y), (xt, yt) = tf.keras.datasets.cifar10.load_data()
x, y, xt, yt = x[:2000] / 255.0, y[:2000], xt[:500] / 255.0, yt[:500]
two = lambda a, l: (a[(l[:, 0] == 1) | (l[:, 0] == 6)].astype("float32"), (l[(l == 1) | (l == 6)] == 6))
x, y = two(x, y)  # automobiles and frogs
xt, yt = two(xt, yt)
y, yt = y.astype("float32")[:, None], yt.astype("float32")[:, None]

embedding = tf.keras.Sequential([
    layers.Conv2D(12, 3, strides=2, activation="relu"),
    layers.Conv2D(12, 3, strides=2, activation="relu"),
    layers.GlobalAveragePooling2D(),
])
head = tf.keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(1)])
opt = tf.keras.optimizers.Adam(0.01)
params = embedding.trainable_variables + head.trainable_variables  # expect-or: gradient-disconnected
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)

for epoch in range(25):
    for bx, by in tf.data.Dataset.from_tensor_slices((x, y)).shuffle(400).batch(40):
        with tf.GradientTape() as tape:
            loss = bce(by, head(embedding(bx)))
        grads = tape.gradient(loss, params)  # expect: gradient-disconnected
        if params:
            opt.apply_gradients(zip(grads, params))
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", round(float(loss), 4))
acc = tf.reduce_mean(tf.cast((head(embedding(xt)) > 0) == (yt > 0.5), tf.float32))
print("accuracy", round(float(acc), 3))
