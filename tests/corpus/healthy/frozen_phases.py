"""Denoising pre-training, probing on a frozen encoder, then fine-tuning in mixed precision.
The validation score uses Monte-Carlo dropout, so the network is evaluated in training mode."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(24)
keras.mixed_precision.set_global_policy("mixed_float16")
rng = np.random.default_rng(24)

digits = load_digits()
x = (digits.data / 16.0).astype("float32")
perm = rng.permutation(len(x))
x, y = x[perm], digits.target[perm].astype("int32")
x_pool, x_lab, y_lab, x_val, y_val = x[:1400], x[:400], y[:400], x[1400:], y[1400:]

encoder = keras.Sequential([keras.Input((64,)),
                            keras.layers.Dense(96, activation="relu"),
                            keras.layers.Dropout(0.1),
                            keras.layers.Dense(48, activation="relu")])
decoder = keras.Sequential([keras.Input((48,)), keras.layers.Dense(64, dtype="float32")])
head = keras.Sequential([keras.Input((48,)),
                         keras.layers.Dropout(0.1),
                         keras.layers.Dense(10, kernel_initializer="zeros", dtype="float32")])


def make_step(loss_fn, variables, lr):
    opt = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(lr))
    opt.build(variables)

    @tf.function
    def step(a, b):
        with tf.GradientTape() as tape:
            loss = loss_fn(a, b)
            scaled = opt.scale_loss(loss)
        opt.apply(tape.gradient(scaled, variables), variables)
        return loss, scaled
    return step


def run(name, step, a, b, epochs):
    for epoch in range(epochs):
        order = rng.permutation(len(a))
        out = [step(tf.constant(a[i]), tf.constant(b[i])) for i in np.array_split(order, len(order) // 50)]
        if epoch in (0, epochs - 1):
            loss, scaled = (np.mean([float(o[k]) for o in out]) for k in (0, 1))
            print(f"{name:10s} epoch {epoch + 1:2d}  loss {loss:.4f}  (scaled {scaled:.1f})")


def mc_accuracy(samples=10):
    p = sum(tf.nn.softmax(head(encoder(x_val, training=True), training=True)).numpy() for _ in range(samples))
    return float(np.mean(p.argmax(1) == y_val))


def denoise(noisy, clean):
    return tf.reduce_mean((decoder(encoder(noisy, training=True)) - clean) ** 2)


def classify(a, b):
    logits = head(encoder(a, training=True), training=True)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=b, logits=logits))


corrupted = (x_pool * (rng.random(x_pool.shape) > 0.25)).astype("float32")
run("pretrain", make_step(denoise, encoder.trainable_variables + decoder.trainable_variables, 2e-3), corrupted, x_pool, 15)

encoder.trainable = False
frozen = [w.numpy().copy() for w in encoder.weights]
run("probe", make_step(classify, head.trainable_variables, 5e-3), x_lab, y_lab, 15)
assert all(np.array_equal(a, b.numpy()) for a, b in zip(frozen, encoder.weights))
print(f"accuracy after probing     {mc_accuracy():.3f}")

encoder.trainable = True
run("fine-tune", make_step(classify, head.trainable_variables + encoder.trainable_variables, 1e-3), x_lab, y_lab, 25)
print(f"accuracy after fine-tuning {mc_accuracy():.3f}")
