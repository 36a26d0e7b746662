"""Fine-tune the valve state classifier from a stored encoder."""
import os
import numpy as np
import tensorflow as tf
import keras
from keras import layers

ENCODER = os.environ.get("VALVE_ENCODER", "encoder_b.npz")


class ValveNet(keras.Model):
    def __init__(self, n_states):
        super().__init__()
        self.first = layers.Dense(64, activation="relu")
        self.second = layers.Dense(48, activation="relu")
        self.head = layers.Dense(n_states)

    def call(self, x):
        return self.head(self.second(self.first(x)))

    def restore_encoder(self, path):
        stored = np.load(path)
        self.first.set_weights([stored["k1"], stored["b1"]])
        self.second.set_weights([stored["k2"], stored["b2"]])


class Finetuner:
    def __init__(self, model, learning_rate=2e-3):
        self.model = model
        self.optimizer = keras.optimizers.Adam(learning_rate)
        self.loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.loss = keras.metrics.Mean()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss_fn(y, self.model(x, training=True))
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.model.trainable_variables))
        self.loss.update_state(loss)

    def run(self, data, epochs):
        for epoch in range(epochs):
            self.loss.reset_state()
            for x, y in data:
                self.step(x, y)
            print(f"epoch {epoch + 1} loss {float(self.loss.result()):.4f}")


def main():
    keras.utils.set_random_seed(2)
    pack = np.load("signals.npz")
    x, y = pack["x"], pack["state"].astype("int32")
    cut = 1200
    data = tf.data.Dataset.from_tensor_slices((x[:cut], y[:cut])).shuffle(cut, seed=1).batch(32)
    model = ValveNet(int(y.max()) + 1)
    model(x[:1])
    model.restore_encoder(ENCODER)
    Finetuner(model).run(data, epochs=15)
    held = np.argmax(model(x[cut:]).numpy(), axis=1)
    print("held-out accuracy %.3f (largest class %.3f)" % (np.mean(held == y[cut:]), np.bincount(y[cut:]).max() / len(held)))


if __name__ == "__main__":
    main()
