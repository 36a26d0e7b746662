import tensorflow as tf

tf.random.set_seed(21)


class DeepNet(tf.keras.Model):
    def __init__(self, n_layers=12, units=64, n_classes=10):
        super().__init__()
        self.flatten = tf.keras.layers.Flatten()
        self.blocks = [
            tf.keras.layers.Dense(units, activation="sigmoid")  # expect: vanishing-gradient
            for _ in range(n_layers)  # expect-or: vanishing-gradient
        ]
        self.logits = tf.keras.layers.Dense(n_classes)

    def call(self, x):
        x = self.flatten(x)
        for block in self.blocks:
            x = block(x)
        return self.logits(x)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.optimizer = tf.keras.optimizers.SGD(lr, momentum=0.9)
        self.loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.train_loss = tf.keras.metrics.Mean()
        self.test_acc = tf.keras.metrics.SparseCategoricalAccuracy()

    @tf.function
    def train_step(self, images, labels):
        with tf.GradientTape() as tape:
            predictions = self.model(images, training=True)
            loss = self.loss_fn(labels, predictions)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables))
        self.train_loss(loss)

    @tf.function
    def test_step(self, images, labels):
        self.test_acc(labels, self.model(images, training=False))

    def run(self, train, test, epochs):
        for epoch in range(epochs):
            self.train_loss.reset_state()
            self.test_acc.reset_state()
            for images, labels in train:
                self.train_step(images, labels)
            for images, labels in test:
                self.test_step(images, labels)
            print(
                f"Epoch {epoch + 1}, Loss: {float(self.train_loss.result()):.4f}, "
                f"Test Accuracy: {float(self.test_acc.result()):.4f}"
            )


(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = x_train[:2000] / 255.0, x_test[:500] / 255.0
y_train, y_test = y_train[:2000], y_test[:500]
train = tf.data.Dataset.from_tensor_slices((x_train.astype("float32"), y_train))
test = tf.data.Dataset.from_tensor_slices((x_test.astype("float32"), y_test))
Trainer(DeepNet(), lr=0.02).run(
    train.shuffle(2000).batch(32), test.batch(100), epochs=14
)
