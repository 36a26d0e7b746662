import keras
import numpy as np
import tensorflow as tf

keras.mixed_precision.set_global_policy("mixed_float16")
keras.utils.set_random_seed(6)

(train_x, train_y), (test_x, test_y) = keras.datasets.fashion_mnist.load_data()
keep = slice(0, 2000)
train_x, train_y = train_x[keep, :, :, None], train_y[keep]
test_x = test_x[..., None]


def block(x, filters):
    x = keras.layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    return keras.layers.ReLU()(x)


inputs = keras.Input((28, 28, 1), dtype="uint8")
x = keras.layers.Rescaling(1 / 255)(inputs)
for f in (8, 16):
    x = block(x, f)
x = keras.layers.Flatten()(x)
x = keras.layers.Dense(10)(x)
outputs = keras.layers.Activation("softmax", dtype="float32")(x)  # softmax stays in float32
model = keras.Model(inputs, outputs)

# compile() wraps this in a LossScaleOptimizer under the float16 policy
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
print(type(model.optimizer).__name__, model.compute_dtype)
model.fit(train_x, train_y, batch_size=64, epochs=8, validation_data=(test_x, test_y), verbose=2)
loss, accuracy = model.evaluate(test_x, test_y, verbose=0)
print(f"loss {loss:.3f}, test accuracy {accuracy:.3f}; one class only {np.bincount(test_y).max() / len(test_y):.3f}")
