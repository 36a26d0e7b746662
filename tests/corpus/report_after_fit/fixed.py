"""Train a digit classifier on tf.data and write a report for the validation set."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.model_selection import train_test_split

CFG = {
    "batch": 64,
    "epochs": 10,
    "lr": 3e-3,
    "conv": 12,
    "hidden": 48,
    "seed": 8,
}


def as_dataset(images, labels, batch, shuffle):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    if shuffle:
        ds = ds.shuffle(len(images), reshuffle_each_iteration=True)
    return ds.batch(batch).prefetch(tf.data.AUTOTUNE)


def get_data():
    bunch = load_digits()
    images = (bunch.images[..., None] / 16.0).astype("float32")
    xt, xv, yt, yv = train_test_split(
        images, bunch.target, test_size=0.25, random_state=CFG["seed"], stratify=bunch.target
    )
    train = as_dataset(xt, yt, CFG["batch"], shuffle=True)
    valid = as_dataset(xv, yv, CFG["batch"], shuffle=False)
    return train, valid


def make_net():
    return tf.keras.Sequential([
        tf.keras.Input((8, 8, 1)),
        tf.keras.layers.Conv2D(CFG["conv"], 3, padding="same", activation="relu"),
        tf.keras.layers.MaxPooling2D(),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(CFG["hidden"], activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ])


def report(net, dataset):
    y_true = np.concatenate([labels for _, labels in dataset.as_numpy_iterator()])
    y_prob = net.predict(dataset, verbose=0)
    y_pred = np.argmax(y_prob, axis=-1)
    print("accuracy  ", round(accuracy_score(y_true, y_pred), 4))
    print("macro F1  ", round(f1_score(y_true, y_pred, average="macro"), 4))
    print("confidence", round(float(y_prob.max(axis=-1).mean()), 4))
    print(confusion_matrix(y_true, y_pred))


class Progress(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}, val_loss {logs['val_loss']:.4f}")


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(CFG["seed"])
    train, valid = get_data()
    net = make_net()
    net.compile(
        optimizer=tf.keras.optimizers.Adam(CFG["lr"]),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
    )
    net.fit(train, validation_data=valid, epochs=CFG["epochs"], verbose=0, callbacks=[Progress()])
    report(net, valid)
