# retrain.py + evaluate.py in one file: small image classifier from CSV manifests.
# Each line of a manifest: the name of the class, then the 8x8 pixels.
from pathlib import Path

import keras
import pandas as pd
import tensorflow as tf
from keras import layers

HERE = Path(__file__).parent
keras.utils.set_random_seed(31)


def create_image_lists(path):
    """Class name -> the rows of that class, like the original helper."""
    frame = pd.read_csv(path)
    pixels = [column for column in frame.columns if column != "label"]
    names = frame["label"].unique()  # expect: label-mismatch
    return {name: frame.loc[frame["label"] == name, pixels].to_numpy("float32") / 16.0
            for name in names}


def as_dataset(image_lists, training):
    xs, ys = [], []
    for label_index, label_name in enumerate(image_lists.keys()):  # expect-or: label-mismatch
        images = image_lists[label_name]
        xs.append(tf.reshape(images, (-1, 8, 8, 1)))
        ys.append(tf.fill([len(images)], label_index))
    ds = tf.data.Dataset.from_tensor_slices((tf.concat(xs, 0), tf.concat(ys, 0)))
    if training:
        ds = ds.shuffle(2000, seed=31)
    return ds.batch(32).prefetch(tf.data.AUTOTUNE)


def build(num_classes):
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(image)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.25)(x)
    final = layers.Dense(num_classes, activation="softmax", name="final_result")(x)
    return keras.Model(image, final)


def main():
    train_lists = create_image_lists(HERE / "retrain.csv")
    eval_lists = create_image_lists(HERE / "evaluate.csv")  # expect-or: label-mismatch
    print("training images:", sum(map(len, train_lists.values())),
          " evaluation images:", sum(map(len, eval_lists.values())))

    train_ds = as_dataset(train_lists, training=True)
    eval_ds = as_dataset(eval_lists, training=False)  # expect-or: label-mismatch

    model = build(len(train_lists))
    model.compile(optimizer=keras.optimizers.Adam(2e-3),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    model.fit(train_ds, validation_data=eval_ds, epochs=12, verbose=2)

    cross_entropy, accuracy = model.evaluate(eval_ds, verbose=0)
    print(f"Accuracy: {accuracy:.4f}")
    print(f"Cross Entropy: {cross_entropy:.4f}")


if __name__ == "__main__":
    main()
