import keras
import numpy as np

from records import load
from segmenter import CLASSES, BeatSegmenter


def per_class_f1(model, ds):
    tp, fp, fn = np.zeros(3), np.zeros(3), np.zeros(3)
    for trace, wave in ds:
        guess = model.predict_on_batch(trace).argmax(-1)
        wave = wave.numpy()
        for c in range(3):
            tp[c] += np.sum((guess == c) & (wave == c))
            fp[c] += np.sum((guess == c) & (wave != c))
            fn[c] += np.sum((guess != c) & (wave == c))
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def main():
    keras.utils.set_random_seed(10)
    train = load("train", 30, shuffle=True)
    valid = load("valid", 100, shuffle=False)

    model = BeatSegmenter()
    model.compile(optimizer=keras.optimizers.Adam(4e-3),
                  metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")])
    model.fit(train, validation_data=valid, epochs=9, verbose=2)

    for name, f1 in zip(CLASSES, per_class_f1(model, valid)):
        print(f"{name:>8s}  F1 {f1:.3f}")


if __name__ == "__main__":
    main()
