import time

import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_train = x_train[:3000, ..., tf.newaxis].astype("float32") / 255.0
x_test = x_test[:500, ..., tf.newaxis].astype("float32") / 255.0
tf.random.set_seed(12)
train_dataset = tf.data.Dataset.from_tensor_slices((x_train, y_train[:3000])).shuffle(3000).batch(64)

inputs = tf.keras.Input(shape=(28, 28, 1))
x = tf.keras.layers.Conv2D(8, 3, strides=2, activation="relu")(inputs)
x = tf.keras.layers.Flatten()(x)
x = tf.keras.layers.Dense(32, activation="relu")(x)
outputs = tf.keras.layers.Dense(10)(x)
model = tf.keras.Model(inputs, outputs)

optimizer = tf.keras.optimizers.Adam(1e-3)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_acc_metric = tf.keras.metrics.SparseCategoricalAccuracy()

for epoch in range(5):
    print("\nStart of epoch %d" % (epoch,))
    start_time = time.time()
    for step, (x_batch, y_batch) in enumerate(train_dataset):
        with tf.GradientTape() as tape:
            logits = model(x_batch, training=True)
            loss_value = loss_fn(y_batch, logits)
        grads = tape.gradient(loss_value, model.trainable_weights)
        optimizer.apply_gradients(zip(grads, model.trainable_weights))
        train_acc_metric.update_state(y_batch, logits)
        if step % 20 == 0:
            print("Training loss at step %d: %.4f" % (step, float(loss_value)))
    print("Training acc over epoch: %.4f" % (float(train_acc_metric.result()),))
    train_acc_metric.reset_state()
predicted = model.predict(x_test, verbose=0).argmax(-1)
print("Test acc: %.4f" % (predicted == y_test[:500]).mean())
