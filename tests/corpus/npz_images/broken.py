import os
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
archive = np.load(os.path.join(os.path.dirname(__file__), "images_k.npz"))  # expect-or: input-scale
images, labels = archive["x"], archive["y"]  # expect-or: input-scale
train_images, train_labels = images[:1200], labels[:1200]
eval_images, eval_labels = images[1200:], labels[1200:]

cnn = tf.keras.models.Sequential()
cnn.add(tf.keras.layers.Input((8, 8, 1)))
cnn.add(tf.keras.layers.Conv2D(16, 3, activation="relu"))  # expect-or: input-scale
cnn.add(tf.keras.layers.Conv2D(32, 3, activation="relu"))
cnn.add(tf.keras.layers.Flatten())
cnn.add(tf.keras.layers.Dense(10))

loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
accuracy = tf.keras.metrics.SparseCategoricalAccuracy()

for epoch in range(5):
    order = np.random.permutation(len(train_images))
    accuracy.reset_state()
    losses = []
    for start in range(0, len(order), 40):
        idx = order[start:start + 40]
        x, y = train_images[idx], train_labels[idx]  # expect-or: input-scale
        with tf.GradientTape() as tape:
            logits = cnn(x, training=True)  # expect: input-scale
            loss = loss_fn(y, logits)
        grads = tape.gradient(loss, cnn.trainable_weights)
        optimizer.apply_gradients(zip(grads, cnn.trainable_weights))
        accuracy.update_state(y, logits)
        losses.append(float(loss))
    print(f"epoch {epoch}  loss {np.mean(losses):.4f}  accuracy {float(accuracy.result()):.3f}")

accuracy.reset_state()
accuracy.update_state(eval_labels, cnn(eval_images, training=False))
print(f"evaluation accuracy {float(accuracy.result()):.3f}")
