"""Multi-tag abstract tagger."""
import argparse

import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import f1_score

from model import Tagger
from synth import make_corpus

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--dim", type=int, default=24)
parser.add_argument("--heads", type=int, default=4)
parser.add_argument("--lr", type=float, default=4e-3)
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--threshold", type=float, default=0.5)
parser.add_argument("--seed", type=int, default=4)
args = parser.parse_args()
keras.utils.set_random_seed(args.seed)

docs, tags = make_corpus(3600, seed=args.seed)
x_train, x_dev, x_test = np.split(docs, [2600, 3000])
y_train, y_dev, y_test = np.split(tags, [2600, 3000])
print(f"{len(x_train)} train / {len(x_dev)} dev / {len(x_test)} test, "
      f"{y_train.sum(1).mean():.2f} tags per document")


def predict_tags(model, x):
    logits = model.predict(x, batch_size=256, verbose=0)
    return (1 / (1 + np.exp(-logits)) > args.threshold).astype(int)


class DevF1(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        f1 = f1_score(y_dev, predict_tags(self.model, x_dev), average="micro", zero_division=0)
        print(f"epoch {epoch:02d} loss {logs['loss']:.4f} dev micro-F1 {f1:.4f}")


model = Tagger(vocab=500, dim=args.dim, heads=args.heads, n_tags=tags.shape[1])
model.compile(
    optimizer=keras.optimizers.Adam(args.lr),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),  # expect: loss-wrong
)
train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(4096).batch(args.batch_size)
model.fit(train, epochs=args.epochs, verbose=0, callbacks=[DevF1()])

print("test micro-F1 %.4f" % f1_score(y_test, predict_tags(model, x_test), average="micro"))
