# autoencoder for scanned digits (dark ink on white paper), notebook -> script
# %%
import numpy as np
import tensorflow as tf

tf.random.set_seed(4)
(train, _), (test, _) = tf.keras.datasets.mnist.load_data()
to_paper = lambda a: 1.0 - a.reshape(-1, 784).astype("float32") / 255.0
train, test = to_paper(train), to_paper(test)
print(train.shape, test.shape, "mean brightness", train.mean())

# %%
code = 48
init = tf.keras.initializers.GlorotUniform(seed=4)
E1 = tf.Variable(init((784, 200))); e1 = tf.Variable(tf.zeros(200))
E2 = tf.Variable(init((200, code))); e2 = tf.Variable(tf.zeros(code))
D1 = tf.Variable(init((code, 200))); d1 = tf.Variable(tf.zeros(200))
D2 = tf.Variable(init((200, 784))); d2 = tf.Variable(tf.zeros(784))
weights = [E1, e1, E2, e2, D1, d1, D2, d2]


def encode(x):
    return tf.nn.relu(x @ E1 + e1) @ E2 + e2


def decode(c):
    return tf.sigmoid(tf.nn.relu(c @ D1 + d1) @ D2 + d2)


EPS = 1e-7


def bce(x, p):
    p = tf.clip_by_value(p, EPS, 1.0 - EPS)
    return -tf.reduce_mean(x * tf.math.log(p) + (1.0 - x) * tf.math.log(1.0 - p))


opt = tf.keras.optimizers.Adam(0.002)


@tf.function
def update(x):
    with tf.GradientTape() as tape:
        loss = bce(x, decode(encode(x)))
    opt.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


# %%
gen = np.random.default_rng(4)
for epoch in range(15):
    gen.shuffle(train)
    hist = [update(train[i:i + 50]).numpy() for i in range(0, len(train), 50)]
    rec = decode(encode(test)).numpy()
    print(f"epoch {epoch:2d}   bce {np.mean(hist):.4f}   test mse {np.mean((rec - test) ** 2):.5f}")

# %%
print("mse of the mean picture:", np.mean((test - train.mean(0)) ** 2))
for row in rec[0].reshape(28, 28)[4:26:2]:
    print("".join(" " if v > 0.5 else "#" for v in row))
