# self-training on restaurant reviews: 80 labelled, 700 not
import json, os
import numpy as np
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import tensorflow as tf
import keras

keras.utils.set_random_seed(6)
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "restaurant_reviews.json")) as f:
    bank = json.load(f)

texts = [r["text"] for r in bank["labelled"]]
good = np.array([r["good"] for r in bank["labelled"]], "float32")
pool = bank["unlabelled"]
t_texts = [r["text"] for r in bank["test"]]
t_good = np.array([r["good"] for r in bank["test"]], "float32")

vec = keras.layers.TextVectorization(max_tokens=400, output_mode="multi_hot")
vec.adapt(tf.constant(texts + pool))
to_x = lambda lines: vec(tf.constant(lines)).numpy().astype("float32")
x_lab, x_pool, x_test = to_x(texts), to_x(pool), to_x(t_texts)
print("vocabulary", len(vec.get_vocabulary()), "| labelled", len(x_lab), "| pool", len(x_pool), "| test", len(x_test))


def fresh():
    m = keras.Sequential([
        keras.Input((x_lab.shape[1],)),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3)),
        keras.layers.Dense(1),
    ])
    m.compile(optimizer=keras.optimizers.Adam(0.01),
              loss=keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")])
    return m


def prob(m, x):
    return 1 / (1 + np.exp(-m.predict(x, verbose=0).ravel()))


x_now, y_now = x_lab, good
w_now = np.ones(len(good), "float32")
for rnd in range(3):
    clf = fresh()
    h = clf.fit(x_now, y_now, sample_weight=w_now, epochs=25 if rnd == 0 else 10,
                batch_size=16 if rnd == 0 else 32, verbose=0)
    test_acc = np.mean((prob(clf, x_test) > 0.5) == (t_good > 0.5))
    p = prob(clf, x_pool)
    sure = (p > 0.9) | (p < 0.1)
    print(f"round {rnd}: trained on {len(x_now):3d}, loss {h.history['loss'][0]:.3f} -> {h.history['loss'][-1]:.3f}, "
          f"test acc {test_acc:.3f}, confident on {sure.sum()} of the pool")
    x_now = np.concatenate([x_lab, x_pool[sure]])
    y_now = np.concatenate([good, (p[sure] > 0.5).astype("float32")])
    w_now = np.concatenate([np.ones(len(good)), np.full(sure.sum(), 0.5)]).astype("float32")

for line in ["the soup was superb, the staff seemed warm.", "the room felt dirty, the bread was stale, only the coffee was great."]:
    print(f"{prob(clf, to_x([line]))[0]:.3f}  {line}")
