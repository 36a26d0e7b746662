import tensorflow as tf
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x, xt = x[..., None] / 255., xt[..., None] / 255.
class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c = tf.keras.layers.Conv2D(8, 3, strides=2, activation="relu")
        self.f = tf.keras.layers.Flatten()
        self.d = tf.keras.layers.Dense(64, activation="relu")
        self.o = tf.keras.layers.Dense(10, activation="relu")  # expect: output-activation
    def call(self, t):
        return tf.nn.softmax(self.o(self.d(self.f(self.c(t)))))  # expect-or: output-activation
net = Net()
net.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(x, y, epochs=6, batch_size=64, verbose=0)
print(net.evaluate(xt, yt, verbose=0))
