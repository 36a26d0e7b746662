import time
import tensorflow as tf
from tensorflow import keras as K

K.utils.set_random_seed(90)
AUTO = tf.data.AUTOTUNE
LABELS = ["tee", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]


class Stopwatch(K.callbacks.Callback):
    """One line per epoch and the best validation score at the end."""

    def on_train_begin(self, logs=None):
        self.t0, self.best = time.time(), 0.0

    def on_epoch_end(self, epoch, logs=None):
        self.best = max(self.best, logs["val_acc"])
        print("[%4.1fs] %2d  loss %.3f acc %.3f | val loss %.3f acc %.3f" % (
            time.time() - self.t0, epoch + 1, logs["loss"], logs["acc"], logs["val_loss"], logs["val_acc"]))

    def on_train_end(self, logs=None):
        print("best val acc %.3f" % self.best)


def prepare(img, lab):
    img = tf.cast(img, tf.float32)[..., tf.newaxis] / 255.0
    return img, tf.cast(lab, tf.int32)


def jiggle(img, lab):
    img = tf.image.random_flip_left_right(img)
    img = tf.pad(img, [[2, 2], [2, 2], [0, 0]])
    return tf.image.random_crop(img, [28, 28, 1]), lab


def build():
    init = "he_normal"
    m = K.Sequential(name="counter")
    m.add(K.Input((28, 28, 1)))
    for width in (16, 32):
        m.add(K.layers.Conv2D(width, 3, padding="same", activation="relu", kernel_initializer=init))
        m.add(K.layers.MaxPooling2D())
    m.add(K.layers.Flatten())
    m.add(K.layers.Dense(64, activation="relu", kernel_initializer=init))
    m.add(K.layers.Dropout(0.25))
    m.add(K.layers.Dense(len(LABELS)))
    return m


(train_img, train_lab), (test_img, test_lab) = K.datasets.fashion_mnist.load_data()

train = (tf.data.Dataset.from_tensor_slices((train_img, train_lab))
         .map(prepare, num_parallel_calls=AUTO)
         .cache()
         .shuffle(2000)
         .map(jiggle, num_parallel_calls=AUTO)
         .batch(32)
         .prefetch(AUTO))
test = (tf.data.Dataset.from_tensor_slices((test_img, test_lab))
        .map(prepare).batch(250).cache())

net = build()
net.compile(
    optimizer=K.optimizers.Adam(1.5e-3),
    loss=K.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[K.metrics.SparseCategoricalAccuracy(name="acc")],
)
net.fit(train, epochs=8, validation_data=test, verbose=0, callbacks=[Stopwatch()])

wrong = {}
for img, lab in test:
    guess = tf.argmax(net(img, training=False), axis=1, output_type=tf.int32)
    for a, b in zip(lab.numpy(), guess.numpy()):
        if a != b:
            wrong[(LABELS[a], LABELS[b])] = wrong.get((LABELS[a], LABELS[b]), 0) + 1
print("test accuracy %.3f" % (1 - sum(wrong.values()) / len(test_lab)))
print("most confused:", sorted(wrong.items(), key=lambda kv: -kv[1])[:3])
