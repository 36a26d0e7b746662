"""Find the centre of a bright spot (fluorescent bead) in 20x20 pictures.

The camera delivers frame after frame, so at the end the network is asked one frame at a time.
"""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(21)
SIZE = 20


def beads(n, rng):
    cx, cy = rng.uniform(4, 15, n), rng.uniform(4, 15, n)
    w = rng.uniform(1.2, 2.2, n)
    gy, gx = np.mgrid[:SIZE, :SIZE]
    img = np.exp(-((gx - cx[:, None, None]) ** 2 + (gy - cy[:, None, None]) ** 2)
                 / (2 * w[:, None, None] ** 2))
    img += rng.normal(0, 0.05, img.shape)
    pos = np.stack([cx, cy], 1) / SIZE
    return img[..., None].astype("float32"), pos.astype("float32")


class Locator(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(8, 5, strides=2, activation="relu")
        self.flat = tf.keras.layers.Flatten()
        self.fc = tf.keras.layers.Dense(64, use_bias=False)
        self.norm = tf.keras.layers.BatchNormalization(momentum=0.9)
        self.drop = tf.keras.layers.Dropout(0.1)
        self.xy = tf.keras.layers.Dense(2)

    def call(self, img, training=True):
        h = self.flat(self.conv(img))
        h = tf.nn.relu(self.norm(self.fc(h), training=training))
        return self.xy(self.drop(h, training=training))


rng = np.random.default_rng(21)
frames, centres = beads(1200, rng)
new_frames, new_centres = beads(150, rng)

locator = Locator()
optimizer = tf.keras.optimizers.Adam(2e-3)


@tf.function
def fit_batch(img, pos):
    with tf.GradientTape() as tape:
        mse = tf.reduce_mean(tf.square(locator(img) - pos))
    optimizer.apply_gradients(zip(tape.gradient(mse, locator.trainable_variables),
                                  locator.trainable_variables))
    return mse


data = tf.data.Dataset.from_tensor_slices((frames, centres)).shuffle(1200).batch(40)
for epoch in range(15):
    track = tf.keras.metrics.Mean()
    for img, pos in data:
        track.update_state(fit_batch(img, pos))
    if epoch % 2 == 0:
        print("epoch", epoch, "rms error in pixels", round(float(track.result()) ** 0.5 * SIZE, 3))

found = np.array([locator(frame[None], training=False)[0] for frame in new_frames])
off = np.sqrt(np.mean((found - new_centres) ** 2)) * SIZE
print("new frames: rms error in pixels", round(float(off), 3))
for a, b in list(zip(found, new_centres))[:5]:
    print("found", (a * SIZE).round(1), "true", (b * SIZE).round(1))
