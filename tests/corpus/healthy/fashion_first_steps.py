"""Basic classification: a first neural network on images of clothing."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

tf.keras.utils.set_random_seed(42)

(train_images, train_labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()

# pixel values go from 0 to 255, bring them to 0..1
train_images = train_images / 255.0
test_images = test_images / 255.0

# keep 300 random images aside to watch the training
perm = np.random.permutation(len(train_images))
val_idx, fit_idx = perm[:300], perm[300:]

model = keras.Sequential([
    keras.Input(shape=(28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(10),
])
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
model.fit(
    train_images[fit_idx], train_labels[fit_idx],
    validation_data=(train_images[val_idx], train_labels[val_idx]),
    epochs=40, batch_size=32, callbacks=[stop], verbose=2,
)

test_loss, test_acc = model.evaluate(test_images, test_labels, verbose=0)
print(f"Test accuracy: {test_acc:.3f}")

probability_model = keras.Sequential([model, keras.layers.Softmax()])
predictions = probability_model.predict(test_images[:5], verbose=0)
print("first five:", predictions.argmax(axis=1), "true:", test_labels[:5])
