"""Support ticket routing: port of the scikit-learn baseline to Keras so that we can
serve it with the rest of the models. Grid search on the baseline gave C=10."""
import random

import keras
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

SEED = 5
random.seed(SEED)
keras.utils.set_random_seed(SEED)

TEAMS = {
    "billing": "invoice refund charge card payment vat receipt price subscription upgrade".split(),
    "network": "vpn wifi timeout router dns latency cable proxy firewall packet".split(),
    "accounts": "password login locked reset token username signin two-factor expired profile".split(),
    "hardware": "laptop battery screen keyboard dock charger fan monitor mouse headset".split(),
    "shipping": "parcel courier delivery address tracking delayed damaged pickup customs box".split(),
}
FILLER = ("hello please help my the is not again since monday customer team i cannot with this "
          "on for a it thanks urgent still when after update we has been and problem").split()


def fake_ticket(team):
    words = random.choices(FILLER, k=random.randint(6, 14))
    words += random.choices(TEAMS[team], k=random.randint(2, 4))
    if random.random() < 0.3:
        words.append(random.choice(TEAMS[random.choice(list(TEAMS))]))
    random.shuffle(words)
    return " ".join(words)


names = list(TEAMS)
labels = np.array([i % len(names) for i in range(1500)])
texts = [fake_ticket(names[i]) for i in labels]
t_train, t_test, y_train, y_test = train_test_split(texts, labels, test_size=0.2, random_state=SEED, stratify=labels)

vec = TfidfVectorizer(sublinear_tf=True)
A_train = vec.fit_transform(t_train).toarray().astype("float32")
A_test = vec.transform(t_test).toarray().astype("float32")
print("vocabulary:", A_train.shape[1], "e.g.", t_train[0])

C = 10.0
baseline = LogisticRegression(C=C, max_iter=500).fit(A_train, y_train)
print("scikit-learn baseline: %.3f" % baseline.score(A_test, y_test))

penalty = keras.regularizers.L2(C)  # expect: regularisation-too-strong
net = keras.Sequential([
    keras.Input((A_train.shape[1],)),
    keras.layers.Dense(48, activation="relu", kernel_regularizer=penalty),  # expect-or: regularisation-too-strong
    keras.layers.Dense(len(names), activation="softmax", kernel_regularizer=penalty),  # expect-or: regularisation-too-strong
])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(A_train, y_train, batch_size=32, epochs=15, validation_split=0.1, verbose=2)

_, accuracy = net.evaluate(A_test, y_test, verbose=0)
print("keras port: %.3f" % accuracy)
for text in ["my parcel is delayed at customs", "password reset token expired", "refund for the invoice please"]:
    p = net.predict(vec.transform([text]).toarray().astype("float32"), verbose=0)[0]
    print(f"{text!r:45} -> {names[int(p.argmax())]} ({p.max():.2f})")
