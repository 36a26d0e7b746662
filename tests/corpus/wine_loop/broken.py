"""Wine cultivars with a hand-written loop (moved over from model.fit)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(3)

BATCH_SIZE = 16
EPOCHS = 40


def get_model(n_features, n_classes):
    inputs = tf.keras.Input((n_features,))
    x = tf.keras.layers.BatchNormalization(momentum=0.9)(inputs)
    x = tf.keras.layers.Dense(32, use_bias=False)(x)
    x = tf.keras.layers.BatchNormalization(momentum=0.9)(x)
    x = tf.keras.layers.ReLU()(x)
    x = tf.keras.layers.Dense(16, use_bias=False)(x)
    x = tf.keras.layers.BatchNormalization(momentum=0.9)(x)
    x = tf.keras.layers.ReLU()(x)
    outputs = tf.keras.layers.Dense(n_classes)(x)
    return tf.keras.Model(inputs, outputs)


X, y = load_wine(return_X_y=True)
X_train, X_val, y_train, y_val = train_test_split(
    X.astype("float32"), y, test_size=0.25, stratify=y, random_state=0)

train_dataset = (tf.data.Dataset.from_tensor_slices((X_train, y_train))
                 .shuffle(len(X_train)).batch(BATCH_SIZE, drop_remainder=True))
val_dataset = tf.data.Dataset.from_tensor_slices((X_val, y_val)).batch(64)

model = get_model(X.shape[1], 3)
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.002)

train_loss = tf.keras.metrics.Mean(name="train_loss")
train_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="train_accuracy")
val_loss = tf.keras.metrics.Mean(name="val_loss")
val_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="val_accuracy")


@tf.function
def train_step(features, labels):
    with tf.GradientTape() as tape:
        predictions = model(features)  # expect: train-mode  # expect-or: input-scale
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))

    train_loss(loss)
    train_accuracy(labels, predictions)


@tf.function
def val_step(features, labels):
    predictions = model(features, training=False)
    val_loss(loss_object(labels, predictions))
    val_accuracy(labels, predictions)


for epoch in range(EPOCHS):
    for m in (train_loss, train_accuracy, val_loss, val_accuracy):
        m.reset_state()

    for features, labels in train_dataset:
        train_step(features, labels)
    for features, labels in val_dataset:
        val_step(features, labels)

    if epoch % 4 == 3:
        print(f"Epoch {epoch + 1}, "
              f"Loss: {train_loss.result():.4f}, "
              f"Accuracy: {train_accuracy.result() * 100:.1f}, "
              f"Val Loss: {val_loss.result():.4f}, "
              f"Val Accuracy: {val_accuracy.result() * 100:.1f}")

pred = np.argmax(model.predict(X_val, verbose=0), axis=1)
print("confusion on the validation part:")
print(tf.math.confusion_matrix(y_val, pred).numpy())
