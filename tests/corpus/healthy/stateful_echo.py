import numpy as np
import keras
from keras import layers

# Echo task: 32 endless bit streams are cut into windows of 12 steps. The net has to say
# which bit came 5 steps ago, so the answers at the start of a window stand in the window
# before: the LSTM must carry its state over. Hence: windows strictly in order, batch k
# continues batch k-1, no shuffling, state reset once per pass.

STREAMS, WINDOW, DELAY = 32, 12, 5


class OrderedWindows(keras.utils.PyDataset):
    """Batch k holds window k of every stream."""

    def __init__(self, length, seed):
        super().__init__(workers=1, use_multiprocessing=False)
        bits = np.random.default_rng(seed).integers(0, 2, (STREAMS, length * WINDOW + DELAY))
        self.x = (2.0 * bits[:, DELAY:] - 1.0).astype("float32")[..., None]
        self.y = bits[:, :-DELAY].astype("float32")[..., None]
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, k):
        part = slice(k * WINDOW, (k + 1) * WINDOW)
        return self.x[:, part], self.y[:, part]


class ResetAtPassStart(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.get_layer("memory").reset_state()

    def on_test_begin(self, logs=None):
        self.model.get_layer("memory").reset_state()


def build(stateful):
    inp = layers.Input(batch_shape=(STREAMS, WINDOW, 1))
    h = layers.LSTM(40, return_sequences=True, stateful=stateful, name="memory")(inp)
    out = layers.Dense(1, activation="sigmoid")(h)
    model = keras.Model(inp, out)
    model.compile(
        optimizer=keras.optimizers.RMSprop(4e-3),
        loss="binary_crossentropy",
        metrics=["binary_accuracy"],
    )
    return model


train, test = OrderedWindows(80, seed=1), OrderedWindows(30, seed=2)

keras.utils.set_random_seed(6)
model = build(stateful=True)
history = model.fit(train, epochs=12, shuffle=False, verbose=0, callbacks=[ResetAtPassStart()])
for i in range(0, 12, 3):
    print(f"pass {i + 1:2d}: loss {history.history['loss'][i]:.4f}"
          f"  accuracy {history.history['binary_accuracy'][i]:.4f}")

loss, accuracy = model.evaluate(test, verbose=0, callbacks=[ResetAtPassStart()])

# accuracy by position in the window: a net without memory would be at 0.5 up to DELAY
model.get_layer("memory").reset_state()
right = np.zeros(WINDOW)
for k in range(len(test)):
    x, y = test[k]
    right += np.mean((model.predict_on_batch(x) > 0.5) == (y > 0.5), axis=(0, 2))
print("by position:", " ".join(f"{r:.2f}" for r in right / len(test)))
print(f"unseen streams: loss {loss:.4f} accuracy {accuracy:.4f}"
      f" (no carried state: at most {1 - 0.5 * DELAY / WINDOW:.3f})")
