"""Assign topic tags (several per ticket) from bag-of-words counts."""
import logging
import numpy as np
import tensorflow as tf
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("tags")
TAGS = ["billing", "login", "shipping", "refund", "bug", "praise"]


def load():
    """Simulated tickets: 60 words, every topic leans on some of them."""
    g = np.random.default_rng(21)
    tags = (g.random((4000, len(TAGS))) < [.35, .3, .25, .3, .4, .25]).astype(int)
    topics = g.dirichlet(np.full(60, .12), len(TAGS))
    chatter = g.dirichlet(np.full(60, 2.), 1)
    mix = tags @ topics + chatter
    mix /= mix.sum(1, keepdims=True)
    counts = np.stack([g.multinomial(n, p) for n, p in zip(g.integers(20, 60, 4000), mix)])
    freq = counts / counts.sum(1, keepdims=True)
    return freq.astype("float32"), tags.astype("float32")


def build(norm):
    return tf.keras.Sequential([
        tf.keras.Input((60,)),
        norm,
        tf.keras.layers.Dense(32, activation="relu"),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(len(TAGS), activation="sigmoid"),
    ])


def main():
    tf.keras.utils.set_random_seed(6)
    x, y = load()
    x_dev, x_test, y_dev, y_test = train_test_split(x, y, test_size=.2, random_state=0)
    x_train, x_val, y_train, y_val = train_test_split(x_dev, y_dev, test_size=.2, random_state=0)
    log.info("tag rates %s", dict(zip(TAGS, y_train.mean(0).round(2).tolist())))

    norm = tf.keras.layers.Normalization()
    norm.adapt(x_train)
    model = build(norm)
    model.compile(optimizer=tf.keras.optimizers.AdamW(2e-3, weight_decay=1e-3), loss="binary_crossentropy",
                  metrics=["binary_accuracy", tf.keras.metrics.AUC(multi_label=True, num_labels=len(TAGS), name="auc")])
    model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=25, batch_size=64, verbose=2,
              callbacks=[tf.keras.callbacks.EarlyStopping("val_loss", patience=4, restore_best_weights=True)])

    pred = (model.predict(x_test, verbose=0) > .5).astype(int)
    for i, tag in enumerate(TAGS):
        log.info("%-9s F1 %.3f", tag, f1_score(y_test[:, i], pred[:, i]))
    print("macro F1 %.3f" % f1_score(y_test, pred, average="macro"))


if __name__ == "__main__":
    main()
