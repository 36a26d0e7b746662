import argparse
import time

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# Deep ReZero MLP in mixed precision with a dynamic loss scale, custom loop.


class ReZeroBlock(keras.layers.Layer):
    def __init__(self, width, **kw):
        super().__init__(**kw)
        self.fc = keras.layers.Dense(width, activation="relu", kernel_initializer="he_normal")

    def build(self, shape):
        self.alpha = self.add_weight(name="alpha", shape=(), initializer="zeros", dtype="float32")
        self.fc.build(shape)
        super().build(shape)

    def call(self, x):
        return x + tf.cast(self.alpha, x.dtype) * self.fc(x)


def get_model(depth, width):
    inp = keras.Input((64,))
    h = keras.layers.Dense(width)(keras.layers.Dropout(0.1)(inp))
    for _ in range(depth):
        h = ReZeroBlock(width)(h)
    logits = keras.layers.Dense(10)(h)
    return keras.Model(inp, keras.layers.Activation("linear", dtype="float32")(logits))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--depth", type=int, default=16)
    ap.add_argument("--width", type=int, default=64)
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--lr", type=float, default=1e-3)
    args = ap.parse_args()
    keras.utils.set_random_seed(0)
    keras.mixed_precision.set_global_policy("mixed_float16")

    x, y = load_digits(return_X_y=True)
    x, y = ((x - 4.9) / 6.0).astype("float16"), y.astype("int32")
    xtr, xte, ytr, yte = train_test_split(x, y, test_size=0.25, stratify=y, random_state=3)

    model = get_model(args.depth, args.width)
    opt = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.AdamW(args.lr, weight_decay=0.05), initial_scale=2.0 ** 15, dynamic_growth_steps=100)
    opt.build(model.trainable_variables)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def train_step(xb, yb):
        with tf.GradientTape() as tape:
            loss = loss_fn(yb, model(xb, training=True))
            scaled = opt.scale_loss(loss)
        grads = tape.gradient(scaled, model.trainable_variables)
        opt.apply(grads, model.trainable_variables)
        return loss

    @tf.function
    def evaluate(xb, yb):
        logits = model(xb, training=False)
        hit = tf.argmax(logits, 1, output_type=tf.int32) == yb
        return loss_fn(yb, logits), tf.reduce_mean(tf.cast(hit, tf.float32))

    ds = tf.data.Dataset.from_tensor_slices((xtr, ytr)).shuffle(len(xtr)).batch(64).prefetch(2)
    start = time.time()
    for epoch in range(1, args.epochs + 1):
        losses = [float(train_step(xb, yb)) for xb, yb in ds]
        if epoch % 2 == 0:
            vl, va = evaluate(xte, yte)
            scale = float(keras.ops.convert_to_numpy(opt.dynamic_scale))
            print(f"[{time.time() - start:5.1f}s] epoch {epoch:2d} loss {np.mean(losses):.4f} "
                  f"val loss {float(vl):.4f} val acc {float(va):.3f} loss scale {scale:.0f}")
    alphas = [float(keras.ops.convert_to_numpy(l.alpha)) for l in model.layers if isinstance(l, ReZeroBlock)]
    print("residual gates", np.round(alphas, 2))


if __name__ == "__main__":
    main()
