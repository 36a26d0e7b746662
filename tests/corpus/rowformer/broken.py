import math
import keras
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

D_MODEL, HEADS, WARMUP, EPOCHS, BATCH = 32, 4, 300, 14, 32


class WarmupInvSqrt(keras.optimizers.schedules.LearningRateSchedule):
    """Schedule of section 5.3 of the transformer paper."""

    def __init__(self, d_model, warmup):
        self.d_model, self.warmup = float(d_model), float(warmup)

    def __call__(self, step):
        step = tf.cast(step, tf.float32) + 1.0
        rising = step * self.warmup ** -0.5  # expect: lr-too-high
        falling = tf.math.rsqrt(step)
        return tf.math.rsqrt(self.d_model) * tf.minimum(rising, falling)  # expect-or: lr-too-high

    def get_config(self):
        return {"d_model": self.d_model, "warmup": self.warmup}


def encoder_block(x):
    a = layers.MultiHeadAttention(HEADS, D_MODEL // HEADS)(x, x)
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, a]))
    f = layers.Dense(2 * D_MODEL, activation="relu")(x)
    f = layers.Dense(D_MODEL)(f)
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, f]))


class AddPositions(layers.Layer):
    def build(self, shape):
        self.pos = self.add_weight(name="pos", shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.1))

    def call(self, x):
        return x + self.pos


def build_model():
    rows = keras.Input((8, 8))
    x = AddPositions()(layers.Dense(D_MODEL)(rows))
    for _ in range(2):
        x = encoder_block(x)
    x = layers.Flatten()(x)
    return keras.Model(rows, layers.Dense(10, activation="softmax")(x), name="rowformer")


keras.utils.set_random_seed(1)
digits = load_digits()
images = (digits.images / 16.0).astype("float32")
n_train = 1400

model = build_model()
schedule = WarmupInvSqrt(D_MODEL, WARMUP)
model.compile(
    optimizer=keras.optimizers.Adam(schedule, beta_2=0.98, epsilon=1e-9),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
print("steps per epoch:", math.ceil(n_train / BATCH))
model.fit(
    images[:n_train], digits.target[:n_train],
    validation_data=(images[n_train:], digits.target[n_train:]),
    batch_size=BATCH, epochs=EPOCHS, verbose=2,
)
loss, acc = model.evaluate(images[n_train:], digits.target[n_train:], verbose=0)
print(f"held out: loss {loss:.3f}, accuracy {acc:.3f}")
