import tensorflow as tf

SEED = 1
AUTOTUNE = tf.data.AUTOTUNE
BATCH_SIZE = 64
tf.keras.utils.set_random_seed(SEED)

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
class_names = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat',
               'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot']


def prepare(image, label):
    image = tf.cast(image, tf.float32)[..., tf.newaxis] / 255.0
    return image, label


def configure(ds, training=False):
    ds = ds.map(prepare, num_parallel_calls=AUTOTUNE).cache()
    if training:
        ds = ds.shuffle(2000)
    return ds.batch(BATCH_SIZE).prefetch(AUTOTUNE)


train_ds = configure(tf.data.Dataset.from_tensor_slices((x_train, y_train)), training=True)
test_ds = configure(tf.data.Dataset.from_tensor_slices((x_test, y_test)))

model = tf.keras.Sequential([
    tf.keras.Input((28, 28, 1)),
    tf.keras.layers.Conv2D(16, 3, activation='relu'),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Conv2D(32, 3, activation='relu'),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dropout(0.4),
    tf.keras.layers.Dense(64, activation='relu'),
    tf.keras.layers.Dense(len(class_names)),
])

model.compile(
    optimizer=tf.keras.optimizers.Adam(2e-3),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=['accuracy'])

model.fit(train_ds, validation_data=test_ds, epochs=12, verbose=2)

loss, acc = model.evaluate(test_ds, verbose=0)
print('Test accuracy: {:.3f}  (loss {:.3f})'.format(acc, loss))
