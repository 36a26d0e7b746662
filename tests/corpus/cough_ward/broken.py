"""
Ward microphone: cough / speech / snore from one-second loudness envelopes.

Each recording is a file with one kind of sound, cut into windows.  Training
mixes windows from all recordings; the report goes recording by recording, the
way the nurses' dashboard does it.
"""
from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

KINDS = ("cough", "speech", "snore")
RATE = 100


def envelope(kind, rng, level):
    t = np.arange(RATE) / RATE
    if kind == 0:
        e = np.zeros(RATE)
        for s in rng.uniform(0, 0.8, rng.integers(1, 4)):
            e += np.where(t > s, np.exp(-(t - s) / 0.05), 0) * rng.uniform(.7, 1.3)
    elif kind == 1:
        f = rng.uniform(3.5, 6.0)
        e = 0.5 * (1 + np.sin(2 * np.pi * f * t + rng.uniform(0, 6))) * rng.uniform(.5, .9, RATE)
    else:
        e = np.clip(np.sin(2 * np.pi * rng.uniform(.4, .8) * t + rng.uniform(0, 6)), 0, 1)
        e = e * (1 + 0.3 * np.sin(2 * np.pi * 28 * t))
    return level * (e + np.abs(rng.normal(0, 0.12, RATE)))


def recordings(n, rng):
    out = []
    for i in range(n):
        kind = i % 3
        level = rng.lognormal(0, 0.25)
        w = np.stack([envelope(kind, rng, level) for _ in range(30)])
        out.append((w[..., None].astype("float32"), kind))
    return out


@dataclass(eq=False)
class Ward:
    width: int = 16
    lr: float = 3e-3
    opt: tf.keras.optimizers.Optimizer = field(init=False)

    def __post_init__(self):
        K = tf.keras.layers
        self.net = tf.keras.Sequential([K.Input((RATE, 1))])
        for k in (1, 2, 2):
            self.net.add(K.Conv1D(self.width * k, 9, strides=2, padding="same", use_bias=False))
            self.net.add(K.BatchNormalization(momentum=0.9))
            self.net.add(K.Activation("relu"))
        self.net.add(K.GlobalAveragePooling1D())
        self.net.add(K.Dense(len(KINDS)))
        self.opt = tf.keras.optimizers.Adam(self.lr)

    @tf.function(reduce_retracing=True)
    def logits(self, windows):
        return self.net(windows, training=True)  # expect: train-mode

    @tf.function
    def learn(self, windows, kinds):
        with tf.GradientTape() as tape:
            z = self.net(windows, training=True)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=kinds, logits=z))
        variables = self.net.trainable_variables
        self.opt.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    def judge(self, recs):
        hits = []
        for windows, kind in recs:
            z = self.logits(windows)  # expect-or: train-mode
            hits.append(float(tf.reduce_mean(tf.cast(tf.argmax(z, 1) == kind, tf.float32))))
        return np.array(hits)


def main():
    tf.keras.utils.set_random_seed(31)
    rng = np.random.default_rng(31)
    known, fresh = recordings(36, rng), recordings(15, rng)
    x = np.concatenate([w for w, _ in known])
    y = np.concatenate([np.full(len(w), k, "int64") for w, k in known])
    stream = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(36, drop_remainder=True)
    ward = Ward()
    for epoch in range(12):
        losses = [float(ward.learn(a, b)) for a, b in stream]
        if epoch % 2:
            print(f"epoch {epoch + 1:2d}: loss {np.mean(losses):.4f}, "
                  f"fresh recordings {ward.judge(fresh).mean():.3f}")
    print("per recording:", np.round(ward.judge(fresh), 2).tolist())
    print(f"windows right in fresh recordings: {ward.judge(fresh).mean():.3f}")


main()
