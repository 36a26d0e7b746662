import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.applications.mobilenet_v2 import preprocess_input

keras.utils.set_random_seed(1234)
EPOCHS = 14
BATCH, HEIGHT, WIDTH, CLASSES = 32, 28, 28, 10


def prepare(picture, label):
    picture = tf.cast(picture[..., tf.newaxis], tf.float32)
    return preprocess_input(picture), label


def load(train):
    pictures, labels = keras.datasets.fashion_mnist.load_data()[0 if train else 1]
    ds = tf.data.Dataset.from_tensor_slices((pictures, labels))
    if train:
        ds = ds.shuffle(len(labels), seed=4)
    return ds.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(tf.data.AUTOTUNE)


train_ds, valid_ds = load(True), load(False)

model = keras.Sequential([
    keras.Input((HEIGHT, WIDTH, 1)),
    layers.Conv2D(16, 3, activation='relu'),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation='relu'),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation='relu'),
    layers.Dropout(0.4),
    layers.Dense(CLASSES, activation='softmax'),
])
schedule = keras.optimizers.schedules.CosineDecay(0.02, EPOCHS * len(train_ds))
model.compile(optimizer=keras.optimizers.SGD(schedule, momentum=0.9),
              loss='sparse_categorical_crossentropy', metrics=['accuracy'])

model.fit(train_ds, validation_data=valid_ds, epochs=EPOCHS, verbose=2)
loss, acc = model.evaluate(valid_ds, verbose=0)
print('validation loss %.3f   validation accuracy %.3f' % (loss, acc))
