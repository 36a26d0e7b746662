# Regresión ordinal (CORAL): estrellas de 1 a 5 a partir de atributos del hotel.
import numpy as np
import tensorflow as tf

SEMILLA = 19
K = 5
tf.keras.utils.set_random_seed(SEMILLA)
azar = np.random.default_rng(SEMILLA)


def generar(n):
    x = azar.normal(size=(n, 8)).astype("float32")
    latente = 1.3 * x[:, 0] - 0.9 * x[:, 1] + 0.8 * np.tanh(2 * x[:, 2]) + 0.5 * x[:, 3] * x[:, 4]
    latente = latente + azar.logistic(0, 0.3, n)
    estrellas = 1 + np.digitize(latente, [-2.0, -0.7, 0.5, 1.8])
    return x, estrellas.astype("float32")


class CapaCoral(tf.keras.layers.Layer):
    """Una sola proyección compartida y K-1 umbrales."""

    def __init__(self, n_clases, **kw):
        super().__init__(**kw)
        self.n_clases = n_clases

    def build(self, forma):
        self.peso = self.add_weight(name="peso", shape=(forma[-1], 1), initializer="glorot_uniform")
        inicio = tf.keras.initializers.Constant(np.linspace(1.5, -1.5, self.n_clases - 1))
        self.umbral = self.add_weight(name="umbral", shape=(self.n_clases - 1,), initializer=inicio)

    def call(self, h):
        return tf.matmul(h, self.peso) + self.umbral


NIVELES = tf.range(1.0, K)


def perdida_coral(estrellas, logits):
    # (N, 1) > (K-1,) -> (N, K-1): una pregunta binaria por umbral
    supera = tf.cast(tf.reshape(estrellas, [-1, 1]) > NIVELES, tf.float32)
    bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=supera, logits=logits)
    return tf.reduce_sum(bce, axis=1)


def rango(logits):
    return 1.0 + tf.reduce_sum(tf.cast(logits > 0, tf.float32), axis=1)


def mae_estrellas(estrellas, logits):
    return tf.abs(tf.reshape(estrellas, [-1]) - rango(logits))


x_ent, y_ent = generar(6000)
x_val, y_val = generar(1500)
x_pru, y_pru = generar(1500)
print("reparto de estrellas:", np.bincount(y_ent.astype(int))[1:] / len(y_ent))

modelo = tf.keras.Sequential([
    tf.keras.Input((8,)),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(32, activation="relu"),
    CapaCoral(K),
])
modelo.compile(optimizer=tf.keras.optimizers.RMSprop(4e-3), loss=perdida_coral, metrics=[mae_estrellas])
modelo.fit(x_ent, y_ent, validation_data=(x_val, y_val), epochs=14, batch_size=64, verbose=2)

pred = rango(modelo.predict(x_pru, verbose=0)).numpy()
capa = modelo.layers[-1]
print("umbrales aprendidos:", np.round(capa.umbral.numpy(), 2))
print(f"prueba: MAE {np.abs(pred - y_pru).mean():.3f} estrellas "
      f"(mediana constante {np.abs(np.median(y_ent) - y_pru).mean():.3f}), "
      f"exactas {np.mean(pred == y_pru):.3f}, a lo sumo una de diferencia {np.mean(np.abs(pred - y_pru) <= 1):.3f}")
