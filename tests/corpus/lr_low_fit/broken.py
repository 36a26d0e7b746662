import tensorflow as tf
tf.keras.utils.set_random_seed(0)

mnist = tf.keras.datasets.mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = x_train[:5000] / 255.0, x_test[:1000] / 255.0
y_train, y_test = y_train[:5000], y_test[:1000]

model = tf.keras.models.Sequential([
  tf.keras.layers.Input(shape=(28, 28)),
  tf.keras.layers.Flatten(),
  tf.keras.layers.Dense(128, activation='relu'),
  tf.keras.layers.Dropout(0.2),
  tf.keras.layers.Dense(10)
])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=1e-6), loss=loss_fn, metrics=['accuracy'])  # expect: lr-too-low
model.fit(x_train, y_train, epochs=10, verbose=2)
model.evaluate(x_test, y_test, verbose=2)
