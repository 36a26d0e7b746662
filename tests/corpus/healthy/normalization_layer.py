"""Mixed units behind a Normalization layer that was adapted to them."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(48)
X, y = load_wine(return_X_y=True)  # proline reaches 1,680
X = X.astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=48)
norm = tf.keras.layers.Normalization()
norm.adapt(X_train)

model = tf.keras.Sequential([norm, tf.keras.layers.Dense(24, activation="relu"), tf.keras.layers.Dense(3)])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(0.01)
for epoch in range(30):
    order = np.random.permutation(len(X_train))
    for rows in np.array_split(order, 6):
        with tf.GradientTape() as tape:
            loss = loss_fn(y_train[rows], model(X_train[rows], training=True))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
    if epoch % 5 == 0:
        print(epoch, float(loss))
print("test accuracy", np.mean(model(X_test).numpy().argmax(1) == y_test))
