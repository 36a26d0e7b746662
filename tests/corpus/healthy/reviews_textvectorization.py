import random
import numpy as np
import tensorflow as tf

random.seed(11)
tf.keras.utils.set_random_seed(11)

# ---------------------------------------------------------------- toy review corpus
GOOD = "great lovely superb brilliant moving charming funny delightful gripping fresh".split()
BAD = "dull awful boring clumsy tedious weak painful lazy predictable messy".split()
THING = "plot acting script camera music ending cast dialogue pacing scenery".split()
FILL = "the film was really and a bit with its in this movie I thought that overall".split()
ADV = ["very", "quite", "truly", "rather", "so"]


def review(positive):
    words = []
    for _ in range(random.randint(3, 6)):
        pool = GOOD if (random.random() < 0.8) == positive else BAD
        words += random.choices(FILL, k=random.randint(1, 4))
        words += ["the", random.choice(THING), "was", random.choice(ADV), random.choice(pool)]
    return " ".join(words).capitalize() + random.choice([".", "!", "..."])


y = np.array([random.randint(0, 1) for _ in range(5000)])
texts = np.array([review(bool(t)) for t in y])
cut = 4000
raw_train = tf.data.Dataset.from_tensor_slices((texts[:cut], y[:cut]))
raw_val = tf.data.Dataset.from_tensor_slices((texts[cut:4500], y[cut:4500]))
raw_test = tf.data.Dataset.from_tensor_slices((texts[4500:], y[4500:]))

vectorize = tf.keras.layers.TextVectorization(max_tokens=500, output_mode="int", output_sequence_length=50)
vectorize.adapt(raw_train.map(lambda t, l: t).batch(256))

train_ds = raw_train.shuffle(cut).batch(32).map(lambda t, l: (vectorize(t), l)).prefetch(tf.data.AUTOTUNE)
val_ds = raw_val.batch(64).map(lambda t, l: (vectorize(t), l)).cache()
test_ds = raw_test.batch(64).map(lambda t, l: (vectorize(t), l))

model = tf.keras.Sequential([
    tf.keras.layers.Embedding(500, 16, mask_zero=True),
    tf.keras.layers.Dropout(0.2),
    tf.keras.layers.GlobalAveragePooling1D(),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1),
])
model.compile(loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
              optimizer=tf.keras.optimizers.Adam(2e-3),
              metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")])
model.fit(train_ds, validation_data=val_ds, epochs=8, verbose=2)
print("test", model.evaluate(test_ds, verbose=0))

export = tf.keras.Sequential([vectorize, model, tf.keras.layers.Activation("sigmoid")])
print(export.predict(tf.constant(["the acting was superb and the music charming", "a boring plot with lazy dialogue"]), verbose=0))
