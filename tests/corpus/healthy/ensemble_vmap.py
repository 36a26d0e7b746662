"""Sixteen small regressors trained at once: every parameter has a leading member axis,
and tf.vectorized_map runs one member's forward pass over that axis."""
import numpy as np
import tensorflow as tf

SEED = 29
tf.random.set_seed(SEED)
rng = np.random.default_rng(SEED)
M, H = 16, 40

f = lambda x: np.sin(3 * x[:, 0]) * x[:, 1] + 0.4 * x[:, 2] ** 2
X = rng.uniform(-1.5, 1.5, (900, 3)).astype("float32")
Y = (f(X) + 0.1 * rng.normal(size=900)).astype("float32")
xtr, ytr, xva, yva = X[:600], Y[:600], X[600:], Y[600:]
mu, sd = ytr.mean(), ytr.std()
zt = (ytr - mu) / sd

# Poisson bootstrap: each member weighs each training row differently
boot = rng.poisson(1.0, (M, 600)).astype("float32")


def he(shape):
    return tf.random.normal(shape) * np.float32(np.sqrt(2.0 / shape[1]))


theta = [tf.Variable(he((M, 3, H))), tf.Variable(tf.zeros((M, H))),
         tf.Variable(he((M, H, H))), tf.Variable(tf.zeros((M, H))),
         tf.Variable(he((M, H, 1))), tf.Variable(tf.zeros((M, 1)))]


def member(args):
    w1, b1, w2, b2, w3, b3, x = args
    h = tf.nn.relu(x @ w1 + b1)
    h = tf.nn.relu(h @ w2 + b2)
    return (h @ w3 + b3)[:, 0]


@tf.function
def forward(x):
    """x: (M, batch, 3) -> (M, batch)"""
    return tf.vectorized_map(member, (*theta, x))


m1 = [tf.Variable(tf.zeros_like(t), trainable=False) for t in theta]
m2 = [tf.Variable(tf.zeros_like(t), trainable=False) for t in theta]


@tf.function
def adam_step(x, y, w, t, lr):
    with tf.GradientTape() as tape:
        per_member = tf.reduce_sum(w * (forward(x) - y) ** 2, 1) / (tf.reduce_sum(w, 1) + 1e-6)
        loss = tf.reduce_sum(per_member)         # members share nothing: the sum keeps them independent
    for p, a, b, g in zip(theta, m1, m2, tape.gradient(loss, theta)):
        a.assign(0.9 * a + 0.1 * g)
        b.assign(0.999 * b + 0.001 * g * g)
        p.assign_sub(lr * (a / (1 - 0.9 ** t)) / (tf.sqrt(b / (1 - 0.999 ** t)) + 1e-8))
    return per_member


def predict(x):
    return forward(tf.tile(x[None], (M, 1, 1))).numpy() * sd + mu


t, BATCH, EPOCHS = 0, 60, 60
for epoch in range(1, EPOCHS + 1):
    lr = 1.2e-2 * 0.5 * (1 + np.cos(np.pi * (epoch - 1) / EPOCHS))
    idx = np.stack([rng.permutation(600) for _ in range(M)])           # own order per member
    run = []
    for s in range(0, 600, BATCH):
        j = idx[:, s:s + BATCH]
        t += 1
        run.append(adam_step(xtr[j], zt[j], np.take_along_axis(boot, j, 1),
                             tf.constant(float(t)), tf.constant(lr, tf.float32)).numpy().mean())
    if epoch % 10 == 0:
        P = predict(xva)
        print(f"epoch {epoch:3d}  weighted train mse {np.mean(run):.4f}  "
              f"val rmse: mean member {np.sqrt(((P - yva) ** 2).mean(1)).mean():.4f}  "
              f"ensemble {np.sqrt(((P.mean(0) - yva) ** 2).mean()):.4f}")
print(f"constant prediction {yva.std():.4f}, noise floor 0.1000, "
      f"ensemble on train {np.sqrt(((predict(xtr).mean(0) - ytr) ** 2).mean()):.4f}")
P = predict(xva)
print("corr(|error|, spread): %.3f" % np.corrcoef(np.abs(P.mean(0) - yva), P.std(0))[0, 1])
