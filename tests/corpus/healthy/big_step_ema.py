# Plain SGD with a peak step of 2.5, linear warm-up + cosine, averaged weights at the end
import math
import numpy as np
import keras
from keras import ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(2024)
PEAK, WARM, EPOCHS, BATCH = 2.5, 60, 40, 256


class WarmCosine(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warm, total):
        self.peak, self.warm, self.total = peak, warm, total

    def __call__(self, step):
        step = ops.cast(step, "float32")
        up = self.peak * (step + 1.0) / self.warm
        part = ops.clip((step - self.warm) / (self.total - self.warm), 0.0, 1.0)
        return ops.where(step < self.warm, up, self.peak * 0.5 * (1.0 + ops.cos(math.pi * part)))

    def get_config(self):
        return dict(peak=self.peak, warm=self.warm, total=self.total)


X, y = load_digits(return_X_y=True)
X = X.astype("float32") / 16.0
x_tr, x_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, stratify=y, random_state=2024)
mean = x_tr.mean(0)
x_tr, x_te = x_tr - mean, x_te - mean

total = EPOCHS * math.ceil(len(x_tr) / BATCH)
sgd = keras.optimizers.SGD(WarmCosine(PEAK, WARM, total), use_ema=True, ema_momentum=0.95)
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(128, use_bias=False),
    keras.layers.BatchNormalization(momentum=0.8),
    keras.layers.Activation("relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(10),
])
model.compile(optimizer=sgd,
              loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
              metrics=["accuracy"])
hist = model.fit(x_tr, keras.utils.to_categorical(y_tr, 10), batch_size=BATCH, epochs=EPOCHS,
                 validation_data=(x_te, keras.utils.to_categorical(y_te, 10)), verbose=0)
for e in range(0, EPOCHS, 8):
    print({k: round(float(v[e]), 3) for k, v in hist.history.items()})
print("test accuracy with averaged weights: %.3f" % (model.predict(x_te, verbose=0).argmax(1) == y_te).mean())
