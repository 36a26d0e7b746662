import tensorflow as tf
from tensorflow import keras
import numpy as np

tf.random.set_seed(1234)
np.random.seed(1234)

(train_images, train_labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
class_names = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat',
               'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot']

train_images = train_images.reshape(-1, 28, 28, 1).astype('float32') / 255.0
test_images = test_images.reshape(-1, 28, 28, 1).astype('float32') / 255.0

model = keras.Sequential([
    keras.layers.Input((28, 28, 1)),
    keras.layers.Conv2D(16, 3, activation='relu'),
    keras.layers.MaxPooling2D(),
    keras.layers.Conv2D(32, 3, activation='relu'),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation='relu'),
    keras.layers.Dense(10),
])


def lr_time_based_decay(epoch, lr):
    return lr * 0.5 ** epoch  # expect: lr-too-low


def scheduler(epoch, lr):
    # from https://keras.io/api/callbacks/learning_rate_scheduler/
    if epoch < 10:
        return lr
    return float(lr * tf.math.exp(-0.1))


model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02, momentum=0.9),
              loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=['accuracy'])

bs = 256
hist = model.fit(train_images, train_labels,  # expect-or: lr-too-low
                 validation_data=(test_images, test_labels),
                 epochs=20, batch_size=bs,
                 #callbacks=[keras.callbacks.LearningRateScheduler(scheduler)],
                 callbacks=[keras.callbacks.LearningRateScheduler(lr_time_based_decay, verbose=0)],  # expect-or: lr-too-low
                 verbose=0)

for e in (0, 1, 2, 4, 9, 19):
    print('epoch', e + 1, 'lr', hist.history['learning_rate'][e], 'loss', round(hist.history['loss'][e], 4),
          'val_acc', round(hist.history['val_accuracy'][e], 4))
test_loss, test_acc = model.evaluate(test_images, test_labels, verbose=0)
print('Test accuracy:', test_acc)
