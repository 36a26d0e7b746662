"""Five steps, to see that everything is wired up before the job goes to the cluster."""
import argparse

import tensorflow as tf


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=5)
    args = parser.parse_args()
    tf.keras.utils.set_random_seed(38)
    (x, y), _ = tf.keras.datasets.mnist.load_data()
    ds = tf.data.Dataset.from_tensor_slices((x[:2000], y[:2000])).shuffle(2000).repeat().batch(256)
    ds = ds.map(lambda a, b: (tf.cast(a, tf.float32) / 255.0, b))
    model = tf.keras.Sequential([
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ])
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    history = model.fit(ds, steps_per_epoch=args.steps, epochs=1, verbose=0)
    print("ok, loss", history.history["loss"][0])
    print("parameters", model.count_params())


if __name__ == "__main__":
    main()
