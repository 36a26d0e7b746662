"""Adapt a frozen digit classifier to a second scanner with low-rank adapters.

The second scanner delivers its images transposed and with a negative polarity.
Only the adapters are trained, so one base network can serve all the scanners.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras

keras.utils.set_random_seed(17)

RANK = 8
ALPHA = 16.0


class LoRADense(keras.layers.Layer):
    """y = act(x W + b + (alpha / r) x A B), with W and b taken from a trained layer."""

    def __init__(self, dense, rank=RANK, alpha=ALPHA, **kwargs):
        super().__init__(**kwargs)
        self.dense = dense
        self.dense.trainable = False
        self.rank = rank
        self.scaling = alpha / rank

    def build(self, input_shape):
        fan_in = input_shape[-1]
        self.lora_a = self.add_weight(name="lora_a", shape=(fan_in, self.rank), initializer="he_normal")
        self.lora_b = self.add_weight(name="lora_b", shape=(self.rank, self.dense.units), initializer="zeros")
        super().build(input_shape)

    def call(self, x):
        frozen = tf.matmul(x, self.dense.kernel) + self.dense.bias
        update = tf.matmul(tf.matmul(x, self.lora_a), self.lora_b)
        return self.dense.activation(frozen + self.scaling * update)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.dense.units)


def first_scanner():
    images, labels = load_digits(return_X_y=True)
    return (images / 16.0).astype("float32"), labels.astype("int32")


def second_scanner(images):
    flipped = images.reshape(-1, 8, 8).transpose(0, 2, 1).reshape(-1, 64)
    return 1.0 - flipped


def base_network():
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(96, activation="relu", name="fc1"),
            keras.layers.Dense(96, activation="relu", name="fc2"),
            keras.layers.Dense(10, name="logits"),
        ]
    )


def with_adapters(base):
    inp = keras.Input((64,))
    h = inp
    for layer in base.layers:
        h = LoRADense(layer, name=f"lora_{layer.name}")(h)
    return keras.Model(inp, h)


def compiled(net, lr):
    net.compile(
        optimizer=keras.optimizers.Adam(lr),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return net


def count(weights):
    return int(sum(np.prod(w.shape) for w in weights))


def main():
    images, labels = first_scanner()
    x_tr, x_te, y_tr, y_te = train_test_split(images, labels, test_size=0.3, random_state=0, stratify=labels)

    base = compiled(base_network(), 2e-3)
    base.fit(x_tr, y_tr, epochs=10, batch_size=32, verbose=0)
    print("scanner 1, base net:     %.3f" % base.evaluate(x_te, y_te, verbose=0)[1])

    x2_tr, x2_te = second_scanner(x_tr), second_scanner(x_te)
    print("scanner 2, base net:     %.3f" % base.evaluate(x2_te, y_te, verbose=0)[1])

    adapted = compiled(with_adapters(base), 5e-3)
    print(
        "trainable parameters:", count(adapted.trainable_weights),
        "of", count(adapted.weights),
    )
    log = adapted.fit(
        x2_tr, y_tr, validation_data=(x2_te, y_te), epochs=12, batch_size=32, verbose=0
    ).history
    for e in range(2, 12, 3):
        print(f"  epoch {e + 1:2d}  loss {log['loss'][e]:.4f}  val_accuracy {log['val_accuracy'][e]:.3f}")
    print("scanner 2, with LoRA:    %.3f" % adapted.evaluate(x2_te, y_te, verbose=0)[1])


if __name__ == "__main__":
    main()
