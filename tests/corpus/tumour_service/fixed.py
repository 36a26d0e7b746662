"""Train the cytology classifier, write its preprocessing next to it and try the service handler."""
import json
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SEED = 3
OUT = Path(tempfile.mkdtemp(prefix="cyto_"))


def train(X, y):
    scaler = StandardScaler().fit(X)
    tf.keras.utils.set_random_seed(SEED)
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Input((X.shape[1],)),
            tf.keras.layers.Dense(24, activation="relu"),
            tf.keras.layers.Dropout(0.1),
            tf.keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(
        scaler.transform(X), y, validation_split=0.2, epochs=25, batch_size=16, verbose=0
    ).history
    for e in (0, 9, 24):
        print(f"epoch {e + 1:2d}  loss {history['loss'][e]:.3f}  val_accuracy {history['val_accuracy'][e]:.3f}")
    return model, scaler


def export(model, scaler, names):
    model.save(OUT / "model.keras")
    meta = {
        "features": list(map(str, names)),
        "center": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
        "threshold": 0.5,
    }
    (OUT / "meta.json").write_text(json.dumps(meta))


class Handler:
    """What the web service calls: raw measurements in, decision out."""

    def __init__(self, folder):
        self.meta = json.loads((folder / "meta.json").read_text())
        self.model = tf.keras.models.load_model(folder / "model.keras")

    def __call__(self, records):
        raw = np.array([[r[name] for name in self.meta["features"]] for r in records])
        z = (raw - np.array(self.meta["center"])) / np.array(self.meta["scale"])
        p = self.model.predict(z.astype("float32"), verbose=0)[:, 0]
        return [{"p": float(v), "benign": bool(v > self.meta["threshold"])} for v in p]


if __name__ == "__main__":
    data = load_breast_cancer()
    X_tr, X_te, y_tr, y_te = train_test_split(
        data.data, data.target, test_size=0.3, random_state=SEED, stratify=data.target
    )
    model, scaler = train(X_tr, y_tr)
    export(model, scaler, data.feature_names)

    service = Handler(OUT)
    requests = [dict(zip(map(str, data.feature_names), row)) for row in X_te]
    answers = service(requests)
    hit = np.mean([a["benign"] == bool(t) for a, t in zip(answers, y_te)])
    print(f"service: {len(answers)} requests, accuracy {hit:.3f}")
    print("first answers:", answers[:3])
