# multi-label tagger for film blurbs: each film may carry several tags
import numpy as np
import tensorflow as tf
from sklearn.preprocessing import MultiLabelBinarizer

rs = np.random.RandomState(4)
tf.keras.utils.set_random_seed(4)

LEXICON = dict(
    comedy=["funny", "hilarious", "prank", "clumsy", "wedding", "laugh"],
    crime=["detective", "murder", "heist", "mafia", "police", "witness"],
    romance=["love", "kiss", "heart", "letter", "paris", "couple"],
    scifi=["spaceship", "robot", "alien", "galaxy", "clone", "laser"],
    war=["soldier", "trench", "general", "battle", "army", "bomb"],
    family=["dog", "children", "grandma", "school", "holiday", "magic"],
)
COMMON = "a the of in and his her story film who must when young old world man woman find life city".split()


def blurb(tags):
    words = list(rs.choice(COMMON, 14))
    for t in tags:
        words += list(rs.choice(LEXICON[t], rs.randint(2, 4), replace=False))
    rs.shuffle(words)
    return " ".join(words)


all_tags = sorted(LEXICON)
tag_lists = [list(rs.choice(all_tags, rs.choice([1, 2, 3], p=[.25, .45, .3]), replace=False)) for _ in range(1800)]
blurbs = np.array([blurb(t) for t in tag_lists])
mlb = MultiLabelBinarizer(classes=all_tags)
Y = mlb.fit_transform(tag_lists).astype("float32")
print(blurbs[0], "->", tag_lists[0])
print("tags per film: %.2f" % Y.sum(1).mean())

vectorize = tf.keras.layers.TextVectorization(output_mode="int", output_sequence_length=24)
vectorize.adapt(blurbs[:1500])
ids = vectorize(blurbs).numpy()
n_words = vectorize.vocabulary_size()

tokens = tf.keras.Input((24,), dtype="int64")
e = tf.keras.layers.Embedding(n_words, 32)(tokens)
e = tf.keras.layers.GlobalMaxPooling1D()(e)
e = tf.keras.layers.Dense(32, activation="relu")(e)
scores = tf.keras.layers.Dense(len(all_tags), activation="sigmoid")(e)
tagger = tf.keras.Model(tokens, scores)
tagger.compile(  # expect-or: metric-wrong
    optimizer=tf.keras.optimizers.Adam(5e-3),
    loss="binary_crossentropy",
    metrics=["accuracy"],  # expect: metric-wrong
)
tagger.fit(ids[:1500], Y[:1500], validation_data=(ids[1500:], Y[1500:]), epochs=12, batch_size=32, verbose=2)

loss, quality = tagger.evaluate(ids[1500:], Y[1500:], verbose=0)
print(f"held-out loss {loss:.4f}, accuracy {quality:.3f}")
for text in ["a robot and an alien kiss", "the mafia heist and the clumsy detective"]:
    p = tagger.predict(vectorize([text]).numpy(), verbose=0)[0]
    print(text, "->", [t for t, v in zip(all_tags, p) if v > 0.5])
