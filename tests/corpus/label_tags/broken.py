# [Help] tagging articles, F1 is stuck
# every article can carry several of the 8 tags at once
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import f1_score

X, Y = make_multilabel_classification(n_samples=1600, n_features=50, n_classes=8, n_labels=3,
                                      length=200, random_state=2)
X = np.log1p(X).astype(np.float32)
X = (X - X.mean(0)) / (X.std(0) + 1e-6)
Y = Y.astype(np.float32)
Xa, Ya, Xb, Yb = X[:1300], Y[:1300], X[1300:], Y[1300:]
print("tags per article:", Y.sum(1).mean(), " share of each tag:", Y.mean(0).round(2))


class Tagger(tf.keras.Model):
    def __init__(self, n_tags):
        super().__init__()
        self.h1 = tf.keras.layers.Dense(64, activation="relu")
        self.out = tf.keras.layers.Dense(n_tags)

    def call(self, x):
        return self.out(self.h1(x))


tf.random.set_seed(9)
tagger = Tagger(Y.shape[1])
adam = tf.keras.optimizers.Adam(2e-3)
rs = np.random.RandomState(0)

for epoch in range(8):
    perm = rs.permutation(len(Xa))
    running = 0.0
    for s in range(0, len(perm), 50):
        j = perm[s:s + 50]
        with tf.GradientTape() as tape:
            scores = tagger(Xa[j])
            per_article = tf.nn.softmax_cross_entropy_with_logits(labels=Ya[j], logits=scores)  # expect: loss-wrong
            L = tf.reduce_mean(per_article)
        gr = tape.gradient(L, tagger.trainable_weights)
        adam.apply_gradients(zip(gr, tagger.trainable_weights))
        running += float(L) * len(j)
    prob = tf.sigmoid(tagger(Xb)).numpy()
    hit = prob > 0.5
    print(f"epoch {epoch}: loss {running / len(perm):.4f}  micro-F1 {f1_score(Yb, hit, average='micro'):.3f}"
          f"  exact {np.mean((hit == Yb).all(1)):.3f}  tags predicted {hit.sum(1).mean():.2f}")

print("true tags     ", Yb[0].astype(int))
print("probabilities ", prob[0].round(2))
