"""Click prediction from campaign, hour and two behavioural scores."""
import keras
import numpy as np
from keras import layers

N_CAMPAIGNS = 30


def impressions(n, rng):
    campaign = rng.integers(0, N_CAMPAIGNS, n)
    hour = rng.integers(0, 24, n)
    scores = rng.normal(size=(n, 2)).astype("float32")
    quality = np.linspace(-1, 1, N_CAMPAIGNS)[campaign]
    evening = np.where((hour >= 18) & (hour <= 22), 0.8, 0.0)
    logit = -5.2 + 0.9 * quality + evening + 1.0 * scores[:, 0] - 0.6 * scores[:, 1]
    click = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype("float32")
    return {"campaign": campaign[:, None].astype("int32"),
            "hour": hour[:, None].astype("int32"),
            "scores": scores}, click


def build():
    campaign = keras.Input((1,), dtype="int32", name="campaign")
    hour = keras.Input((1,), dtype="int32", name="hour")
    scores = keras.Input((2,), name="scores")
    e1 = layers.Flatten()(layers.Embedding(N_CAMPAIGNS, 4)(campaign))
    e2 = layers.Flatten()(layers.Embedding(24, 4)(hour))
    h = layers.Concatenate()([e1, e2, scores])
    h = layers.Dense(32, activation="relu")(h)
    p = layers.Dense(1, activation="sigmoid", name="click")(h)
    return keras.Model([campaign, hour, scores], p)


def report(name, model, x, y):
    hit = model.predict(x, batch_size=1024, verbose=0)[:, 0] > 0.5
    tpr = hit[y == 1].mean()
    tnr = (~hit[y == 0]).mean()
    print(f"{name}: accuracy {np.mean(hit == y):.3f}  recall {tpr:.3f}  "
          f"specificity {tnr:.3f}  balanced {(tpr + tnr) / 2:.3f}")


if __name__ == "__main__":
    keras.utils.set_random_seed(100)
    rng = np.random.default_rng(100)
    x_train, y_train = impressions(20000, rng)
    x_val, y_val = impressions(8000, rng)

    counts = np.bincount(y_train.astype(int))
    weights = counts.sum() / (2 * counts)
    class_weight = {c: float(w) for c, w in enumerate(weights)}
    print("clicks / impressions:", counts[1], "/", counts.sum())

    model = build()
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy",
                  metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=256, epochs=5, class_weight=class_weight,
              validation_data=(x_val, y_val), verbose=2)
    report("train", model, x_train, y_train)
    report("valid", model, x_val, y_val)
