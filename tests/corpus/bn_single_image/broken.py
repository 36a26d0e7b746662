# [SOLVED?] Model with batch normalization: training 0.99, but when I classify one image after
# another it gives (nearly) the same answer for all of them. Please help, deadline is friday :(
import os, time
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.keras import layers

tf.random.set_seed(0); np.random.seed(0)

LR = 1e-3
EPOCHS = 12


class Net(tf.keras.Model):
    def __init__(self, n_classes=10):
        super().__init__()
        self.flat = layers.Flatten()
        self.fc1 = layers.Dense(64, use_bias=False)
        self.bn1 = layers.BatchNormalization(momentum=0.9)
        self.fc2 = layers.Dense(64, use_bias=False)
        self.bn2 = layers.BatchNormalization(momentum=0.9)
        self.head = layers.Dense(n_classes)

    def call(self, x, training=False):
        x = self.flat(x)
        x = tf.nn.relu(self.bn1(self.fc1(x), training=training))
        x = tf.nn.relu(self.bn2(self.fc2(x), training=training))
        return self.head(x)


class Classifier:
    """like sklearn"""

    def __init__(self, net):
        self.net = net
        self.opt = tf.keras.optimizers.Adam(LR)
        self.loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def _step(self, x, y):
        with tf.GradientTape() as tape:
            logits = self.net(x, training=True)
            loss = self.loss_fn(y, logits)
        g = tape.gradient(loss, self.net.trainable_variables)
        self.opt.apply_gradients(zip(g, self.net.trainable_variables))
        return loss, tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))

    def fit(self, X, y, epochs=EPOCHS, bs=32):
        ds = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(len(X)).batch(bs, drop_remainder=True)
        for ep in range(epochs):
            ls, ac = [], []
            for xb, yb in ds:
                l, a = self._step(xb, yb)
                ls.append(float(l)); ac.append(float(a))
            print('epoch %2d  loss %.4f  acc %.4f' % (ep, np.mean(ls), np.mean(ac)))
        return self

    def predict_one(self, img):
        img = tf.expand_dims(img, 0)
        logits = self.net(img, training=True)  # expect: train-mode
        return int(tf.argmax(logits[0]))


d = load_digits()
X = (d.images / 16.).astype('float32')[..., np.newaxis]
y = d.target.astype('int64')
n = 1500
clf = Classifier(Net())
clf.fit(X[:n], y[:n])

# now one at a time, like in the app
answers = np.array([clf.predict_one(im) for im in X[n:]])
print('answers given:', np.bincount(answers, minlength=10))
print('accuracy on the rest:', (answers == y[n:]).mean())
