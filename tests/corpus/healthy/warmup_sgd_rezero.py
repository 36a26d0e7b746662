"""Residual MLP with zero-initialised gates (ReZero), plain SGD whose rate warms up to 0.8
and follows a cosine down to zero, label smoothing, weight decay on kernels only."""
import math
import tensorflow as tf
import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(10)

digits = load_digits()
xa, xt, ya, yt = train_test_split(digits.data, digits.target, test_size=400, stratify=digits.target, random_state=0)
xa, xv, ya, yv = train_test_split(xa, ya, test_size=250, stratify=ya, random_state=0)
mean, std = xa.mean(), xa.std()
xa, xv, xt = [((a - mean) / std).astype("float32") for a in (xa, xv, xt)]

BATCH, EPOCHS, PEAK = 32, 20, 0.8
STEPS = EPOCHS * math.ceil(len(xa) / BATCH)


@keras.saving.register_keras_serializable()
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warm, total):
        self.peak, self.warm, self.total = peak, warm, total

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        up = (step + 1.0) / self.warm
        down = 0.5 * (1 + tf.cos(math.pi * tf.clip_by_value((step - self.warm) / (self.total - self.warm), 0., 1.)))
        return self.peak * tf.minimum(up, down)

    def get_config(self):
        return dict(peak=self.peak, warm=self.warm, total=self.total)


class Block(keras.layers.Layer):
    def __init__(self, width, rate):
        super().__init__()
        self.d1 = keras.layers.Dense(width, activation="relu", kernel_initializer="he_normal")
        self.d2 = keras.layers.Dense(width, kernel_initializer="he_normal")
        self.norm = keras.layers.LayerNormalization()
        self.drop = keras.layers.Dropout(rate)
        self.gate = self.add_weight(shape=(), initializer="zeros", name="gate")   # identity at the start

    def call(self, x, training=False):
        return x + self.gate * self.drop(self.d2(self.d1(self.norm(x))), training=training)


inp = keras.Input((64,))
h = keras.layers.Dense(64)(inp)
for _ in range(4):
    h = Block(64, 0.2)(h)
h = keras.layers.LayerNormalization()(h)
model = keras.Model(inp, keras.layers.Dense(10, activation="softmax", kernel_initializer="zeros")(h))

opt = keras.optimizers.SGD(WarmupCosine(PEAK, 80, STEPS), weight_decay=2e-4, clipnorm=1.0)
opt.exclude_from_weight_decay(var_names=["gate", "bias", "gamma", "beta"])
model.compile(opt, keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
model.fit(xa, keras.utils.to_categorical(ya, 10), validation_data=(xv, keras.utils.to_categorical(yv, 10)),
          batch_size=BATCH, epochs=EPOCHS, verbose=2)
_, acc = model.evaluate(xt, keras.utils.to_categorical(yt, 10), verbose=0)
print("gates:", [round(float(b.gate.numpy()), 3) for b in model.layers if isinstance(b, Block)])
print(f"test accuracy {acc:.3f}")
