"""Tumour screening table, small memory budget: micro-batches of 16, one update per 4 of them."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class AccumulatingTrainer:
    def __init__(self, net, optimizer, loss, accum_steps=4):
        self.net = net
        self.optimizer = optimizer
        self.loss = loss
        self.accum_steps = accum_steps
        self.micro = 0  # expect-or: update-missing
        self.buffers = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]
        optimizer.build(net.trainable_variables)

    @tf.function
    def micro_step(self, x, y):
        with tf.GradientTape() as tape:
            value = self.loss(y, self.net(x, training=True))
        grads = tape.gradient(value, self.net.trainable_variables)
        for buf, g in zip(self.buffers, grads):
            buf.assign_add(g / self.accum_steps)

        self.micro += 1  # expect: update-missing
        if self.micro % self.accum_steps == 0:
            self.optimizer.apply_gradients(zip(self.buffers, self.net.trainable_variables))
            for buf in self.buffers:
                buf.assign(tf.zeros_like(buf))
        return value

    def run(self, ds, epochs, probe):
        for ep in range(1, epochs + 1):
            mean = tf.keras.metrics.Mean()
            for x, y in ds:
                mean.update_state(self.micro_step(x, y))
            if ep % 5 == 0:
                xv, yv = probe
                auc = roc_auc_score(yv, self.net(xv).numpy().ravel())
                print(f"[{ep:02d}] loss={float(mean.result()):.4f} val_auc={auc:.4f}")


def main():
    tf.keras.utils.set_random_seed(21)
    X, y = load_breast_cancer(return_X_y=True)
    y = 1 - y
    Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.25, random_state=2, stratify=y)
    sc = StandardScaler().fit(Xtr)
    Xtr = sc.transform(Xtr).astype("float32")
    Xva = sc.transform(Xva).astype("float32")

    net = tf.keras.Sequential(
        [tf.keras.Input((30,)), tf.keras.layers.Dense(24, activation="relu"), tf.keras.layers.Dense(1)]
    )
    ds = (
        tf.data.Dataset.from_tensor_slices((Xtr, ytr[:, None].astype("float32")))
        .shuffle(512, seed=3)
        .batch(16, drop_remainder=True)
    )
    trainer = AccumulatingTrainer(
        net, tf.keras.optimizers.Adam(5e-3), tf.keras.losses.BinaryCrossentropy(from_logits=True)
    )
    trainer.run(ds, epochs=20, probe=(Xva, yva))
    score = net(Xva).numpy().ravel()
    print("accuracy at logit 0:", np.mean((score > 0) == (yva == 1)).round(3))


if __name__ == "__main__":
    main()
