import tensorflow as tf
from tensorflow.keras import layers, models, optimizers

tf.keras.utils.set_random_seed(5)
(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.fashion_mnist.load_data()
train_images = train_images[:3000].reshape((-1, 28 * 28)).astype('float32') / 255
test_images = test_images[:500].reshape((-1, 28 * 28)).astype('float32') / 255
train_labels, test_labels = train_labels[:3000], test_labels[:500]

network = models.Sequential()
network.add(layers.Input((28 * 28,)))
network.add(layers.Dense(128, activation='relu'))
network.add(layers.Dense(64, activation='relu'))
network.add(layers.Dense(10, activation='softmax'))
network.compile(optimizer=optimizers.Adam(learning_rate=1.0),  # expect: lr-too-high
                loss='sparse_categorical_crossentropy',
                metrics=['accuracy'])
network.fit(train_images, train_labels, epochs=8, batch_size=64, verbose=2)
test_loss, test_acc = network.evaluate(test_images, test_labels, verbose=0)
print('test_acc:', test_acc)
