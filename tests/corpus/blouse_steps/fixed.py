import tensorflow as tf

tf.keras.utils.set_random_seed(8)


class Classifier(tf.Module):
    def __init__(
        self,
        n_classes=10,
        drop=0.3,
        rate=1e-3,
    ):
        super().__init__()
        self.body = tf.keras.Sequential([
            tf.keras.layers.Input((28, 28)),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dropout(drop),
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dropout(drop),
            tf.keras.layers.Dense(n_classes),
        ])
        self.optimizer = tf.keras.optimizers.Adam(rate)

    @tf.function
    def train(self, images, labels):
        with tf.GradientTape() as tape:
            logits = self.body(images, training=True)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            )
        grads = tape.gradient(loss, self.body.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.body.trainable_variables))
        return loss

    @tf.function
    def accuracy(self, images, labels):
        best = tf.argmax(self.body(images, training=False), axis=-1, output_type=labels.dtype)
        return tf.reduce_mean(tf.cast(tf.equal(best, labels), tf.float32))


(x, y), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x, x_test = x[:2000] / 255.0, x_test[:500] / 255.0
x, x_test = tf.cast(x, tf.float32), tf.cast(x_test, tf.float32)
y, y_test = tf.cast(y[:2000], tf.int32), tf.cast(y_test[:500], tf.int32)

ds = tf.data.Dataset.from_tensor_slices((x, y)).cache().shuffle(2000, seed=8).repeat().batch(64)
clf = Classifier()
for step, (images, labels) in enumerate(ds.take(600), start=1):
    loss = clf.train(images, labels)
    if step % 100 == 0:
        tf.print("step", step, "loss", loss)
tf.print("test accuracy", clf.accuracy(x_test, y_test))
