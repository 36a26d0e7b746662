import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(2)
rs = np.random.RandomState(2)

# --- simulated trial -------------------------------------------------------
n = 1600
df = pd.DataFrame(rs.normal(size=(n, 8)), columns=[f"m{i}" for i in range(8)])
risk = 1.2 * df.m0 - 0.9 * df.m1 + 0.8 * (df.m2 * df.m3) + 0.6 * np.maximum(df.m4, 0)
t_event = rs.exponential(np.exp(-risk) * 24.0)
t_cens = rs.exponential(40.0, n)
df["months"] = np.minimum(t_event, t_cens)
df["event"] = (t_event <= t_cens).astype(int)
print("events: %.0f%%, longest follow-up %.0f months" % (100 * df.event.mean(), df.months.max()))

train = df.iloc[:1200].sort_values("months", ascending=False)     # risk set = everything above
test = df.iloc[1200:]
cols = [f"m{i}" for i in range(8)]
X = tf.constant(train[cols].values, tf.float32)
E = tf.constant(train.event.values, tf.float32)

net = tf.keras.Sequential([
    tf.keras.layers.Input((8,)),
    tf.keras.layers.Dense(24, activation="selu", kernel_initializer="lecun_normal", kernel_regularizer=tf.keras.regularizers.l2(2e-3)),
    tf.keras.layers.Dense(12, activation="selu", kernel_initializer="lecun_normal", kernel_regularizer=tf.keras.regularizers.l2(2e-3)),
    tf.keras.layers.Dense(1, use_bias=False),
])
optimizer = tf.keras.optimizers.Adam(0.01)


def neg_partial_loglik(eta, event):
    return -tf.reduce_sum(event * (eta - tf.math.cumulative_logsumexp(eta))) / tf.reduce_sum(event)


@tf.function
def update():
    with tf.GradientTape() as tape:
        eta = tf.squeeze(net(X, training=True), -1)
        nll = neg_partial_loglik(eta, E)
        total = nll + tf.add_n(net.losses)
    gr = tape.gradient(total, net.trainable_weights)
    optimizer.apply_gradients(zip(gr, net.trainable_weights))
    return nll


def c_index(frame):
    eta = net(frame[cols].values.astype("float32")).numpy()[:, 0]
    t, e = frame.months.values, frame.event.values
    comparable = (t[:, None] < t[None, :]) & (e[:, None] == 1)
    return (eta[:, None] > eta[None, :])[comparable].mean()


for i in range(61):
    nll = update()
    if i % 10 == 0:
        print(f"{i:4d}  nll {float(nll):.4f}  C train {c_index(train):.3f}  C test {c_index(test):.3f}")
