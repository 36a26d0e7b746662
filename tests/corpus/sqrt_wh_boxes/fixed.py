"""One-box detector, YOLO-v1 style coordinate loss, train_step override."""
import numpy as np
import keras
import tensorflow as tf

SIZE = 32
keras.utils.set_random_seed(7)


def make_images(n, seed):
    """Grey parts lying on a belt. About one picture in eight shows an empty belt;
    its box is all zeros."""
    r = np.random.default_rng(seed)
    imgs = r.normal(0.25, 0.05, (n, SIZE, SIZE)).astype("float32")
    imgs += np.linspace(-.08, .08, SIZE, dtype="float32")[None, None, :]
    boxes = np.zeros((n, 4), "float32")
    for k in range(n):
        if r.random() < 0.125:
            continue
        w, h = r.integers(5, 18, 2)
        x0, y0 = r.integers(0, SIZE - w), r.integers(0, SIZE - h)
        imgs[k, y0:y0 + h, x0:x0 + w] += r.uniform(.35, .6)
        boxes[k] = [(x0 + w / 2) / SIZE, (y0 + h / 2) / SIZE, w / SIZE, h / SIZE]
    return imgs[..., None], boxes


def iou(a, b):
    lt = np.maximum(a[:, :2] - a[:, 2:] / 2, b[:, :2] - b[:, 2:] / 2)
    rb = np.minimum(a[:, :2] + a[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2)
    inter = np.prod(np.clip(rb - lt, 0, None), axis=1)
    return inter / (np.prod(a[:, 2:], 1) + np.prod(b[:, 2:], 1) - inter + 1e-9)


class BoxNet(keras.Model):
    def __init__(self):
        super().__init__()
        c = dict(padding="same", activation="relu")
        self.trunk = keras.Sequential([
            keras.layers.Conv2D(12, 5, strides=2, **c),
            keras.layers.Conv2D(24, 3, strides=2, **c),
            keras.layers.Conv2D(32, 3, strides=2, **c),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ])
        self.xy = keras.layers.Dense(2, activation="sigmoid")
        self.wh = keras.layers.Dense(2, activation="relu", bias_initializer=keras.initializers.Constant(0.3))
        self.loss_tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.loss_tracker]

    def call(self, x):
        z = self.trunk(x)
        return tf.concat([self.xy(z), self.wh(z)], axis=-1)

    def box_loss(self, t, p):
        has_part = tf.cast(t[:, 2] > 0, tf.float32)
        xy = has_part * tf.reduce_sum(tf.square(t[:, :2] - p[:, :2]), -1)
        # square roots, so that a pixel matters more on a small box than on a large one
        wh = tf.reduce_sum(tf.square(tf.sqrt(t[:, 2:]) - tf.sqrt(p[:, 2:] + 1e-6)), -1)
        return tf.reduce_mean(5.0 * xy + 5.0 * wh)

    def train_step(self, data):
        x, boxes = data
        with tf.GradientTape() as tape:
            pred = self(x, training=True)
            loss = self.box_loss(boxes, pred)
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, data):
        x, boxes = data
        self.loss_tracker.update_state(self.box_loss(boxes, self(x, training=False)))
        return {"loss": self.loss_tracker.result()}


train_x, train_b = make_images(1600, 1)
val_x, val_b = make_images(300, 2)

model = BoxNet()
model.compile(optimizer=keras.optimizers.Adam(2e-3))
model.fit(train_x, train_b, batch_size=32, epochs=9,
          validation_data=(val_x, val_b), verbose=2)

pred = model.predict(val_x, verbose=0)
full = val_b[:, 2] > 0
print("boxes for the first three pictures:\n", pred[:3].round(3), "\n", val_b[:3].round(3))
print("mean IoU on pictures with a part: %.3f" % iou(pred[full], val_b[full]).mean())
