import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE
BATCH_SIZE = 32
CLASS_NAMES = ['top', 'trouser', 'pullover', 'dress', 'coat',
               'sandal', 'shirt', 'sneaker', 'bag', 'boot']

tf.keras.utils.set_random_seed(1)

(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.fashion_mnist.load_data()


# ------------------------------------------------------------------ input pipeline
def prepare(image, label):
    image = tf.cast(image, tf.float32)[..., tf.newaxis] / 255.
    return image, label


train_ds = (tf.data.Dataset.from_tensor_slices((train_images[:2000], train_labels[:2000]))
            .cache()
            .shuffle(2000)
            .map(prepare, num_parallel_calls=AUTOTUNE)
            .batch(BATCH_SIZE)
            .prefetch(AUTOTUNE))
test_ds = (tf.data.Dataset.from_tensor_slices((test_images[:500], test_labels[:500]))
           .map(prepare, num_parallel_calls=AUTOTUNE)
           .batch(BATCH_SIZE))

# ------------------------------------------------------------------ model
model = tf.keras.Sequential([
    tf.keras.layers.InputLayer(shape=(28, 28, 1)),
    tf.keras.layers.Conv2D(16, 3, strides=2, padding='same', activation='relu'),
    tf.keras.layers.Conv2D(32, 3, strides=2, padding='same', activation='relu'),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(64, activation='relu'),
    tf.keras.layers.Dense(len(CLASS_NAMES)),
])
model.compile(optimizer=tf.keras.optimizers.SGD(0.03, momentum=0.9),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=['accuracy'])

history = model.fit(train_ds, validation_data=test_ds, epochs=8, verbose=2)

# ------------------------------------------------------------------ results
loss, accuracy = model.evaluate(test_ds, verbose=0)
print('Test loss: {:.3f}  test accuracy: {:.1%}'.format(loss, accuracy))
predictions = tf.argmax(model.predict(test_ds, verbose=0), axis=1).numpy()
for k, name in enumerate(CLASS_NAMES):
    mine = test_labels[:500] == k
    print('{:>9}: {:.2f}'.format(name, (predictions[mine] == k).mean()))
