"""
Forward kinematics of a planar arm with four joints (in the spirit of kin8nm):
how far is the gripper from the base?  Learned with a highway network
(Srivastava, Greff & Schmidhuber, 2015).
"""
import math

import numpy as np
import tensorflow as tf

HPARAMS = dict(units=32, depth=10, gate_bias=-2.0, lr=3e-3, batch_size=64, epochs=24)


def arm_data(n, seed):
    rs = np.random.RandomState(seed)
    joints = rs.uniform(-math.pi / 2.2, math.pi / 2.2, size=(n, 4))
    length = np.array([0.9, 0.8, 0.6, 0.4])
    heading = np.cumsum(joints, axis=1)
    x = (length * np.cos(heading)).sum(axis=1)
    y = (length * np.sin(heading)).sum(axis=1)
    reach = np.hypot(x, y) + rs.normal(0, 0.02, n)
    return joints.astype(np.float32), reach.astype(np.float32)[:, None]


class Highway(tf.keras.layers.Layer):
    """y = T(x) * H(x) + (1 - T(x)) * x"""

    def __init__(self, units, gate_bias=-1.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.gate_bias = gate_bias

    def build(self, input_shape):
        square = (self.units, self.units)
        self.w_h = self.add_weight(name="w_h", shape=square, initializer="he_normal")
        self.b_h = self.add_weight(name="b_h", shape=(self.units,), initializer="zeros")
        self.w_t = self.add_weight(name="w_t", shape=square, initializer="glorot_uniform")
        self.b_t = self.add_weight(
            name="b_t", shape=(self.units,),
            initializer=tf.keras.initializers.Constant(self.gate_bias))

    def call(self, x):
        t = tf.sigmoid(tf.matmul(x, self.w_t) + self.b_t)
        h = tf.nn.relu(tf.matmul(x, self.w_h) + self.b_h)
        return t * h + (1.0 - t) * x


class HighwayNet(tf.keras.Model):
    """The gates start negative so that a deep stack begins near the identity."""

    def __init__(self, units, depth, gate_bias):
        super().__init__()
        self.expand = tf.keras.layers.Dense(units, name="expand")
        self.stack = [Highway(units, gate_bias, name=f"highway_{k}") for k in range(depth)]
        self.head = tf.keras.layers.Dense(1, name="head")

    def call(self, joints):
        z = self.expand(joints)
        for layer in self.stack:
            z = layer(z)
        return self.head(z)


class EveryFew(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1:3d}: mse {logs['loss']:.4f}, validation {logs['val_loss']:.4f}")


def run(hp):
    tf.keras.utils.set_random_seed(10)
    joints, reach = arm_data(3200, seed=0)
    test_joints, test_reach = arm_data(800, seed=1)

    net = HighwayNet(hp["units"], hp["depth"], hp["gate_bias"])
    net.compile(tf.keras.optimizers.Adam(hp["lr"]), loss="mse")
    net.fit(joints, reach, batch_size=hp["batch_size"], epochs=hp["epochs"],
            validation_split=0.1, callbacks=[EveryFew()], verbose=0)

    error = net.predict(test_joints, verbose=0) - test_reach
    print(f"test RMSE {np.sqrt(np.mean(error ** 2)):.3f} m, "
          f"R2 {1 - np.mean(error ** 2) / test_reach.var():.3f}")


run(HPARAMS)
