import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(5)

# one image, two questions: which digit is it, and is it odd?
data = load_digits()
images = (data.images / 16.0).astype("float32")[..., None]
digit = data.target.astype("int32")
odd = (digit % 2).astype("float32").reshape(-1, 1)

(im_tr, im_te, digit_tr, digit_te, odd_tr, odd_te) = train_test_split(
    images, digit, odd, test_size=0.25, random_state=5, stratify=digit)


def build_model():
    inp = tf.keras.Input((8, 8, 1), name="image")
    t = tf.keras.layers.Conv2D(24, 3, activation="relu", padding="same")(inp)
    t = tf.keras.layers.Conv2D(24, 3, activation="relu")(t)
    t = tf.keras.layers.MaxPool2D()(t)
    t = tf.keras.layers.Flatten()(t)
    t = tf.keras.layers.Dense(64, activation="relu")(t)
    digit_head = tf.keras.layers.Dense(10, name="digit")(t)  # expect-or: loss-logits
    odd_head = tf.keras.layers.Dense(1, name="odd")(t)
    return tf.keras.Model(inp, {"digit": digit_head, "odd": odd_head})


model = build_model()
model.compile(  # expect-or: loss-logits
    optimizer=tf.keras.optimizers.Adam(1e-3),  # expect-or: loss-logits
    loss={  # expect-or: loss-logits
        "digit": tf.keras.losses.SparseCategoricalCrossentropy(),  # expect: loss-logits
        "odd": tf.keras.losses.BinaryCrossentropy(from_logits=True),  # expect-or: loss-logits
    },  # expect-or: loss-logits
    loss_weights={"digit": 1.0, "odd": 0.5},  # expect-or: loss-logits
    metrics={  # expect-or: loss-logits
        "digit": ["accuracy"],  # expect-or: loss-logits
        "odd": [tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],  # expect-or: loss-logits
    },  # expect-or: loss-logits
)  # expect-or: loss-logits

history = model.fit(
    im_tr, {"digit": digit_tr, "odd": odd_tr},
    validation_split=0.1, epochs=15, batch_size=32, verbose=0)

for e in range(0, 15, 2):
    row = {k: round(v[e], 4) for k, v in history.history.items() if not k.startswith("val_odd")}
    print(e, row)

scores = model.evaluate(im_te, {"digit": digit_te, "odd": odd_te}, verbose=0, return_dict=True)
print("TEST  digit accuracy %.3f   odd accuracy %.3f" % (scores["digit_accuracy"], scores["odd_acc"]))
