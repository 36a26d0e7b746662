import tensorflow as tf
from tensorflow.keras import layers, models
from tensorflow.keras.datasets import fashion_mnist

tf.keras.utils.set_random_seed(5)

# ---- data -------------------------------------------------------------
(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
x_train, y_train = x_train[:2000], y_train[:2000]
x_test, y_test = x_test[:500], y_test[:500]
x_train = x_train[..., None].astype("float32") / 255.0
x_test = x_test[..., None].astype("float32") / 255.0
print(x_train.shape, x_test.shape)

# ---- model ------------------------------------------------------------
def conv_block(t, filters):
    t = layers.Conv2D(filters, 3, padding="same")(t)
    t = layers.ReLU()(t)
    return layers.MaxPooling2D()(t)


n_out = 1  # expect-or: loss-wrong
image = layers.Input((28, 28, 1), name="image")
t = conv_block(image, 12)
t = conv_block(t, 24)
t = layers.Flatten()(t)
t = layers.Dense(48, activation="relu")(t)
label = layers.Dense(n_out, name="label")(t)  # expect-or: output-activation
model = models.Model(image, label)

# ---- training ---------------------------------------------------------
criterion = tf.keras.losses.MeanSquaredError()  # expect: loss-wrong
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss=criterion, metrics=["accuracy"])  # expect-or: loss-wrong
history = model.fit(  # expect-or: loss-wrong
    x_train, y_train,
    validation_data=(x_test, y_test),
    epochs=8, batch_size=64, verbose=2,
)

loss, acc = model.evaluate(x_test, y_test, verbose=0)
print("test loss %.3f   test accuracy %.3f" % (loss, acc))
