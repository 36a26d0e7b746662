"""Port of our PyTorch template (train_one_epoch / validate) to TensorFlow.

Task: ten-class vowel-like formant data, 3000 samples, 12 features.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

SEED = 0
DEVICE_BATCH = 64
EPOCHS = 25


class Net(tf.keras.Model):
    def __init__(self, hidden, n_classes):
        super().__init__()
        self.fc1 = tf.keras.layers.Dense(hidden, kernel_initializer="he_uniform")
        self.bn1 = tf.keras.layers.BatchNormalization()
        self.fc2 = tf.keras.layers.Dense(hidden, kernel_initializer="he_uniform")
        self.bn2 = tf.keras.layers.BatchNormalization()
        self.drop = tf.keras.layers.Dropout(0.1)
        self.head = tf.keras.layers.Dense(n_classes)

    def call(self, x, training=False):
        x = tf.nn.relu(self.bn1(self.fc1(x), training=training))
        x = tf.nn.relu(self.bn2(self.fc2(x), training=training))
        return self.head(self.drop(x, training=training))


def get_loaders(seed):
    x, y = make_classification(n_samples=3000, n_features=12, n_informative=10, n_redundant=2,
                               n_classes=10, n_clusters_per_class=1, class_sep=2.0,
                               flip_y=0.0, random_state=3)
    x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, stratify=y, random_state=seed)
    mean, std = x_tr.mean(0), x_tr.std(0)
    x_tr, x_te = ((a - mean) / std for a in (x_tr, x_te))
    train = tf.data.Dataset.from_tensor_slices((x_tr.astype("f4"), y_tr.astype("i4")))
    test = tf.data.Dataset.from_tensor_slices((x_te.astype("f4"), y_te.astype("i4")))
    return train.shuffle(len(x_tr), seed=seed).batch(DEVICE_BATCH), test.batch(256)


def main():
    tf.random.set_seed(SEED)
    np.random.seed(SEED)
    train_loader, test_loader = get_loaders(SEED)
    net = Net(64, 10)
    criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.AdamW(learning_rate=2e-3, weight_decay=1e-3)

    @tf.function
    def step(xb, yb):
        with tf.GradientTape() as tape:
            loss = criterion(yb, net(xb, training=True))
        grads = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(grads, net.trainable_variables))
        return loss

    @tf.function
    def predict(xb):
        return tf.argmax(net(xb, training=False), axis=-1, output_type=tf.int32)

    def validate():
        right = total = 0
        for xb, yb in test_loader:
            right += int(tf.reduce_sum(tf.cast(predict(xb) == yb, tf.int32)))
            total += len(yb)
        return right / total

    for epoch in range(EPOCHS):
        running = [float(step(xb, yb)) for xb, yb in train_loader]
        if epoch % 4 == 0 or epoch == EPOCHS - 1:
            print(f"epoch {epoch:2d}  loss {np.mean(running):.4f}  acc {validate():.4f}")
    print(f"final accuracy {validate():.4f}")


if __name__ == "__main__":
    main()
