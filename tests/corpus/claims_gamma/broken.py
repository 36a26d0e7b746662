import argparse
import pathlib

import numpy as np
import pandas as pd
import tensorflow as tf

ap = argparse.ArgumentParser(description="Claim severity, gamma GLM with a small net")
ap.add_argument("--csv", default=str(pathlib.Path(__file__).with_name("claims.csv")))
ap.add_argument("--epochs", type=int, default=20)
ap.add_argument("--lr", type=float, default=3e-3)
ap.add_argument("--batch", type=int, default=64)
args = ap.parse_args()

tf.keras.utils.set_random_seed(5)

NUMERIC = ["driver_age", "power", "vehicle_age", "km_thousand"]


def load(path):
    df = pd.read_csv(path).sample(frac=1.0, random_state=1)
    regions = sorted(df["region"].unique())
    df["region_id"] = df["region"].map({r: i for i, r in enumerate(regions)})
    cut = int(len(df) * 0.8)
    train, valid = df.iloc[:cut], df.iloc[cut:]
    mu, sd = train[NUMERIC].mean(), train[NUMERIC].std()

    def pack(part):
        return (((part[NUMERIC] - mu) / sd).to_numpy("float32"),
                part["region_id"].to_numpy("int32"),
                part["severity"].to_numpy("float32"))  # expect-or: loss-numerics

    return pack(train), pack(valid), len(regions)


class SeverityNet(tf.Module):
    """log-link network: exp(f(x)) is the expected cost of a claim"""

    def __init__(self, n_num, n_region, hidden=32, name=None):
        super().__init__(name=name)
        init = tf.keras.initializers.GlorotUniform(seed=2)
        init2 = tf.keras.initializers.GlorotUniform(seed=3)
        self.emb = tf.Variable(tf.random.normal([n_region, 3], stddev=0.1), name="emb")
        self.w1 = tf.Variable(init((n_num + 3, hidden)), name="w1")
        self.b1 = tf.Variable(tf.zeros([hidden]), name="b1")
        self.w2 = tf.Variable(init2((hidden, 1)), name="w2")
        self.b2 = tf.Variable(tf.zeros([1]), name="b2")

    def __call__(self, num, region):
        x = tf.concat([num, tf.gather(self.emb, region)], axis=1)
        h = tf.nn.elu(tf.matmul(x, self.w1) + self.b1)
        return tf.exp(tf.matmul(h, self.w2) + self.b2)[:, 0]


def gamma_deviance(y, mu):
    ratio = y / mu  # expect-or: loss-numerics
    return 2.0 * tf.reduce_mean(ratio - 1.0 - tf.math.log(ratio))  # expect: loss-numerics  # expect-or: label-mismatch


(tr_num, tr_reg, tr_y), valid, n_regions = load(args.csv)
net = SeverityNet(len(NUMERIC), n_regions)
opt = tf.keras.optimizers.Adam(args.lr)

train_ds = (tf.data.Dataset.from_tensor_slices((tr_num, tr_reg, tr_y))
            .shuffle(len(tr_y), seed=4)
            .batch(args.batch))


@tf.function
def step(num, reg, y):
    with tf.GradientTape() as tape:
        loss = gamma_deviance(y, net(num, reg))
    variables = net.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


base = float(np.mean(np.abs(valid[2] - tr_y.mean())))
print(f"{len(tr_y)} claims, {n_regions} regions, mean severity {tr_y.mean():.2f}, "
      f"MAE of the mean {base:.3f}")
for epoch in range(1, args.epochs + 1):
    running = [float(step(*b)) for b in train_ds]
    if epoch % 5 == 0 or epoch == 1:
        mu = net(valid[0], valid[1]).numpy()
        print(f"epoch {epoch:3d}  deviance {np.mean(running):.4f}  "
              f"valid MAE {np.mean(np.abs(mu - valid[2])):.3f}  "
              f"lift {np.corrcoef(mu, valid[2])[0, 1]:.3f}")
