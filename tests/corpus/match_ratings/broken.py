# Bradley-Terry style ratings from a season of table-football results.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(2024)

N_TEAMS, N_GAMES = 24, 3000
true_strength = rng.normal(0, 1.3, N_TEAMS)
home = rng.integers(0, N_TEAMS, N_GAMES)
away = (home + rng.integers(1, N_TEAMS, N_GAMES)) % N_TEAMS
p_home = 1 / (1 + np.exp(-(true_strength[home] - true_strength[away] + 0.3)))
home_won = (rng.random(N_GAMES) < p_home).astype(np.float32)

split = 2400
past, future = slice(0, split), slice(split, None)


class Ratings:
    def __init__(self, n):
        self.strength = tf.Variable(tf.zeros([n]), name="strength")
        self.home_edge = tf.Variable(0.0, name="home_edge")

    @property
    def variables(self):
        return [self.strength, self.home_edge]

    def logit(self, h, a):
        gap = tf.gather(self.strength, h) - tf.gather(self.strength, a)
        # nobody is more than a 99.7% favourite in this league
        gap = np.clip(gap, -6.0, 6.0)  # expect: gradient-disconnected
        return gap + self.home_edge


def nll(won, logit):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=won, logits=logit))


ratings = Ratings(N_TEAMS)
opt = tf.keras.optimizers.Adam(learning_rate=0.05)
idx = np.arange(split)

for season_pass in range(20):
    rng.shuffle(idx)
    total = 0.0
    for s in range(0, split, 200):
        b = idx[s : s + 200]
        with tf.GradientTape() as tape:
            loss = nll(home_won[b], ratings.logit(home[b], away[b]))
        g = tape.gradient(loss, ratings.variables)
        opt.apply_gradients(zip(g, ratings.variables))
        total += float(loss) * len(b)
    if season_pass % 4 == 3:
        print(f"pass {season_pass + 1}: nll {total / split:.4f}  home edge {float(ratings.home_edge):+.2f}")

logit = np.asarray(ratings.logit(home[future], away[future]))
hits = ((logit > 0) == (home_won[future] > 0.5)).mean()
print("future games called correctly: %.3f (always home: %.3f)" % (hits, home_won[future].mean()))

s = ratings.strength.numpy()
print("top five teams:", [f"T{i:02d} ({s[i]:+.2f})" for i in np.argsort(-s)[:5]])
print("really the best:", [f"T{i:02d}" for i in np.argsort(-true_strength)[:5]])
