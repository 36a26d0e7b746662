"""A small fully connected network on MNIST."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.random.set_seed(0)

# Load the data
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()

# Flatten the images and bring the pixels to [0, 1]
x_train = x_train.reshape(-1, 28 * 28).astype("float32") / 255.0
x_test = x_test.reshape(-1, 28 * 28).astype("float32") / 255.0

print("train:", x_train.shape, "test:", x_test.shape)

# Build the model
model = keras.Sequential([
    keras.Input(shape=(784,)),
    layers.Dense(128, activation="relu"),
    layers.Dropout(0.3),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])

model.summary()

# Compile
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# Train
history = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=8,
    validation_split=0.1,
    verbose=2,
)

# Evaluate on the test set
test_loss, test_acc = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", round(test_loss, 4))
print("Test accuracy:", round(test_acc, 4))

# Look at a few predictions
probs = model.predict(x_test[:5], verbose=0)
print("Predicted:", probs.argmax(axis=1))
print("Actual:   ", y_test[:5])
