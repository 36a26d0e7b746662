"""
TF2 custom training. Train acc goes to 0.99 but my validation accuracy is like random guess
from the first to the last epoch, and it is NOT overfitting (I even tried to validate on train images).
"""
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import time
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Dense, Flatten, BatchNormalization, ReLU, GlobalAveragePooling2D
from tensorflow.keras import Model
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(0)
np.random.seed(0)

data = load_digits()
imgs = (data.images / 16.0).astype(np.float32)[..., np.newaxis]
x_train, x_val, y_train, y_val = train_test_split(imgs, data.target, test_size=150, random_state=0, stratify=data.target)
train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000).batch(64)


class MyModel(Model):
    def __init__(self):
        super(MyModel, self).__init__()
        self.conv1 = Conv2D(12, 3, padding='same', use_bias=False)
        self.bn1 = BatchNormalization(momentum=0.9)
        self.flatten = Flatten()
        self.d1 = Dense(64, use_bias=False)
        self.bn2 = BatchNormalization(momentum=0.9)
        self.act = ReLU()
        self.d2 = Dense(10)

    def call(self, x, training=False):
        x = self.act(self.bn1(self.conv1(x), training=training))
        x = self.flatten(x)
        x = self.act(self.bn2(self.d1(x), training=training))
        return self.d2(x)


model = MyModel()
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(0.002)
train_loss = tf.keras.metrics.Mean(name='train_loss')
train_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name='train_accuracy')
val_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name='val_accuracy')


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss(loss)
    train_accuracy(labels, predictions)


@tf.function
def infer(image):
    # one picture at a time, like on the device later
    predictions = model(image[tf.newaxis, ...], training=True)  # expect: train-mode
    return predictions


EPOCHS = 4
for epoch in range(EPOCHS):
    for m in (train_loss, train_accuracy, val_accuracy):
        m.reset_state()
    for images, labels in train_ds:
        train_step(images, labels)
    for i in range(len(x_val)):
        val_accuracy(y_val[i:i + 1], infer(tf.constant(x_val[i])))  # expect-or: train-mode
    print('Epoch %d, loss: %.4f, acc: %.4f, val acc: %.4f' % (
        epoch + 1, train_loss.result(), train_accuracy.result(), val_accuracy.result()))
