"""Project picture features next to the vector of their caption, then retrieve by cosine."""
import keras
import numpy as np
import tensorflow as tf

N_CAPTIONS, PIC, VEC = 12, 40, 16


def synth(n, rng, words, mix):
    c = rng.integers(0, N_CAPTIONS, n)
    pics = words[c] @ mix + 0.6 * rng.normal(size=(n, PIC))
    return pics.astype("float32"), words[c].astype("float32"), c


class TwoSpace(keras.Model):
    def __init__(self, hidden=48):
        super().__init__()
        self.proj = keras.Sequential([
            keras.layers.Dense(hidden, activation="gelu"),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(VEC),
        ])
        self.tracker = keras.metrics.Mean(name="distance")

    def call(self, pics):
        return self.proj(pics)

    @property
    def metrics(self):
        return [self.tracker]

    def train_step(self, data):
        pics, words = data
        with tf.GradientTape() as tape:
            near = keras.losses.cosine_similarity(words, self(pics, training=True))  # expect-or: loss-sign
            dist = tf.reduce_mean(1.0 - near)  # expect: loss-sign
        g = tape.gradient(dist, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.tracker.update_state(dist)
        return {"distance": self.tracker.result()}


def retrieve(model, pics, words):
    q = model.predict(pics, verbose=0)
    q = q / np.linalg.norm(q, axis=1, keepdims=True)
    w = words / np.linalg.norm(words, axis=1, keepdims=True)
    return (q @ w.T).argmax(1)


def main():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    words = rng.normal(size=(N_CAPTIONS, VEC))
    mix = rng.normal(size=(VEC, PIC)) / 4
    pics, vecs, _ = synth(1500, rng, words, mix)
    pics_t, _, cap_t = synth(400, rng, words, mix)
    model = TwoSpace()
    model.compile(optimizer=keras.optimizers.Adam(2e-3))
    model.fit(pics, vecs, batch_size=50, epochs=12, verbose=2)
    print("recall@1: %.3f" % (retrieve(model, pics_t, words) == cap_t).mean())


if __name__ == "__main__":
    main()
