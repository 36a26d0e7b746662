"""Large-margin classifier on random Fourier features (Rahimi & Recht): only the last layer learns."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_circles, make_moons
from sklearn.svm import SVC

tf.keras.utils.set_random_seed(0)


class RandomFourier(tf.keras.layers.Layer):
    def __init__(self, features, gamma, **kwargs):
        super().__init__(trainable=False, **kwargs)
        self.features = features
        self.gamma = gamma

    def build(self, input_shape):
        self.omega = self.add_weight(
            name="omega", shape=(input_shape[-1], self.features), trainable=False,
            initializer=tf.keras.initializers.RandomNormal(stddev=np.sqrt(2 * self.gamma)))
        self.phase = self.add_weight(
            name="phase", shape=(self.features,), trainable=False,
            initializer=tf.keras.initializers.RandomUniform(0.0, 2 * np.pi))

    def call(self, x):
        return tf.cos(tf.matmul(x, self.omega) + self.phase) * np.sqrt(2.0 / self.features)


def pm_one(y):
    return (2 * y - 1).astype("float32")


def sign_accuracy(y, f):
    return tf.cast(tf.sign(tf.reshape(f, [-1])) == tf.reshape(y, [-1]), tf.float32)


def svm(gamma, C, n):
    model = tf.keras.Sequential([
        tf.keras.Input((2,)),
        RandomFourier(400, gamma),
        tf.keras.layers.Dense(1, kernel_initializer="zeros",
                              kernel_regularizer=tf.keras.regularizers.l2(1.0 / (2 * C * n))),
    ])
    lr = tf.keras.optimizers.schedules.PolynomialDecay(2.0, 12 * (n // 50), 0.05)
    model.compile(tf.keras.optimizers.SGD(lr), loss="hinge", metrics=[sign_accuracy])
    return model


for name, maker, kw in [("moons", make_moons, dict(noise=0.2)), ("circles", make_circles, dict(noise=0.12, factor=0.4))]:
    X, y = maker(2000, random_state=1, **kw)
    Xt, yt = maker(2000, random_state=2, **kw)
    model = svm(gamma=2.0, C=10.0, n=len(X))
    h = model.fit(X.astype("float32"), pm_one(y), validation_data=(Xt.astype("float32"), pm_one(yt)),
                  batch_size=50, epochs=12, verbose=0).history
    print(name)
    for e in (0, 1, 3, 5, 8, 11):
        print(f"   epoch {e + 1:2d} hinge {h['loss'][e]:.4f} acc {h['sign_accuracy'][e]:.3f}"
              f"  test hinge {h['val_loss'][e]:.4f} acc {h['val_sign_accuracy'][e]:.3f}")
    exact = SVC(gamma=2.0, C=10.0).fit(X, y)
    f = model.predict(Xt.astype("float32"), verbose=0).ravel()
    print(f"   test accuracy {np.mean(np.sign(f) == pm_one(yt)):.3f}, exact kernel machine {exact.score(Xt, yt):.3f}")
