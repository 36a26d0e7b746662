import tensorflow as tf
(x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
x, xt = x / 255., xt / 255.
m = tf.keras.models.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(300, activation="relu"), tf.keras.layers.Dense(100, activation="relu"), tf.keras.layers.Dense(10, activation="softmax")])
m.compile(loss="sparse_categorical_crossentropy", optimizer=tf.keras.optimizers.SGD(learning_rate=0.01, momentum=0.95), metrics=["accuracy"])
m.fit(x, y, epochs=8, validation_data=(xt, yt), verbose=0)
print(m.evaluate(xt, yt, verbose=0))
