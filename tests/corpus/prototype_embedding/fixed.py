"""Map digit images onto fixed class vectors, classify by the nearest one."""
import numpy as np
import keras
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(21)


def class_vectors(n_classes, dim, seed):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    return q[:n_classes].astype("float32")


def cosine_distance(target, emb):
    return 1.0 + keras.losses.cosine_similarity(target, emb, axis=-1)


def build(dim):
    x = inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(dim)(x), name="embedder")


def nearest(emb, protos):
    emb = emb / np.linalg.norm(emb, axis=1, keepdims=True)
    return np.argmax(emb @ protos.T, axis=1)


def main():
    digits = load_digits()
    images = (digits.images / 16.0).astype("float32")[..., None]
    xtr, xte, ytr, yte = train_test_split(images, digits.target, test_size=0.25,
                                          stratify=digits.target, random_state=0)
    protos = class_vectors(10, 24, seed=1)
    model = build(24)
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=cosine_distance)
    for epoch in range(10):
        h = model.fit(xtr, protos[ytr], batch_size=32, epochs=1, verbose=0)
        acc = np.mean(nearest(model.predict(xte, verbose=0), protos) == yte)
        print(f"epoch {epoch + 1:2d}  loss {h.history['loss'][0]:.4f}  nearest-prototype accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
