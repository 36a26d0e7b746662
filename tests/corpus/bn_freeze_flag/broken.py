import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(21)


class BatchNormalization(layers.BatchNormalization):
    """
    Batch normalisation that can be frozen: with freeze=True the stored mean and
    variance are used whatever happens (small detection batches), with
    freeze=False it is the standard layer.
    """

    def __init__(self, freeze, *args, **kwargs):
        self.freeze = freeze
        super().__init__(*args, **kwargs)
        self.trainable = not self.freeze

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=(not self.freeze), mask=mask)  # expect: train-mode


class BasicBlock(layers.Layer):
    def __init__(self, filters, stride, freeze_bn):
        super().__init__()
        self.conv_a = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)
        self.bn_a = BatchNormalization(freeze_bn, momentum=0.9)  # expect-or: train-mode
        self.conv_b = layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.bn_b = BatchNormalization(freeze_bn, momentum=0.9)  # expect-or: train-mode
        self.short = layers.Conv2D(filters, 1, strides=stride, use_bias=False)

    def call(self, x, training=None):
        y = tf.nn.relu(self.bn_a(self.conv_a(x), training=training))
        y = self.bn_b(self.conv_b(y), training=training)
        return tf.nn.relu(y + self.short(x))


class TinyResNet(keras.Model):
    def __init__(self, classes, freeze_bn=True):
        super().__init__()
        self.stem = layers.Conv2D(12, 3, strides=2, padding="same", use_bias=False)
        self.bn = BatchNormalization(freeze_bn, momentum=0.9)
        self.blocks = [BasicBlock(16, 2, freeze_bn), BasicBlock(28, 2, freeze_bn)]
        self.pool = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(classes)

    def build(self, input_shape):
        self.built = True

    @tf.function
    def call(self, x, training=None):
        x = tf.nn.relu(self.bn(self.stem(x), training=training))
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(self.pool(x))


(x, y), (x_val, y_val) = keras.datasets.fashion_mnist.load_data()
x = x[..., None].astype("float32") / 255.0
x_val = x_val[..., None].astype("float32") / 255.0
y, y_val = y.astype("int32"), y_val.astype("int32")

# the validation images sit in one folder per class and are read folder by folder
by_class = np.argsort(y_val, kind="stable")
x_val, y_val = x_val[by_class], y_val[by_class]

model = TinyResNet(10, freeze_bn=False)  # expect-or: train-mode
model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x, y, batch_size=50, epochs=6, validation_data=(x_val, y_val),
          validation_batch_size=25, verbose=2)

scores = model.predict(x_val, batch_size=25, verbose=0)
hit = scores.argmax(1) == y_val
print("validation accuracy: %.3f" % hit.mean())
for k in range(10):
    print("  class %d: %.2f" % (k, hit[y_val == k].mean()))
