"""Flaw detection on an ultrasonic rail recording (settings in an .ini file)."""
import configparser
import os

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.metrics import balanced_accuracy_score, recall_score

DIR = os.path.dirname(os.path.abspath(__file__))
INI = "detector_weighted.ini"

conf = configparser.ConfigParser()
assert conf.read(os.path.join(DIR, INI)), INI
rec, trn = conf["recording"], conf["train"]
POS_WEIGHT = conf.getfloat("loss", "pos_weight")
keras.utils.set_random_seed(28)


def frames(trace, length, gain):
    """Cuts the continuous recording into its shots."""
    ds = tf.data.Dataset.from_tensor_slices(trace.astype("float32") / gain)
    shots = np.stack(list(ds.batch(length, drop_remainder=True).as_numpy_iterator()))
    shots -= np.median(shots, axis=0)           # surface echo, the same in each shot
    return shots[..., None] / shots.std()


with np.load(os.path.join(DIR, rec["file"])) as f:
    flaw = f["flaw"].astype("float32")
    shots = frames(f["trace"], rec.getint("frame"), rec.getfloat("gain"))

perm = np.random.default_rng(3).permutation(len(flaw))
tr, te = np.split(perm, [2800])
train = tf.data.Dataset.from_tensor_slices((shots[tr], flaw[tr])).shuffle(2800, seed=1).batch(trn.getint("batch"))
print(f"{len(tr)} shots for training, {int(flaw[tr].sum())} with a flaw; {len(te)} for the test, {int(flaw[te].sum())} with a flaw")

net = keras.Sequential([
    keras.Input(shots.shape[1:]),
    layers.Conv1D(8, 7, activation="relu"),
    layers.Conv1D(8, 5, activation="relu"),
    layers.GlobalMaxPooling1D(),
    layers.Dense(1),
])
shadow = [tf.Variable(v, trainable=False) for v in net.trainable_variables]
adam = keras.optimizers.Adam(trn.getfloat("rate"))
CLIP, EMA = trn.getfloat("clip"), trn.getfloat("ema")


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        z = net(x, training=True)[:, 0]
        loss = tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(y, z, POS_WEIGHT))
    g, _ = tf.clip_by_global_norm(tape.gradient(loss, net.trainable_variables), CLIP)
    adam.apply_gradients(zip(g, net.trainable_variables))
    for s, v in zip(shadow, net.trainable_variables):
        s.assign(EMA * s + (1.0 - EMA) * v)
    return loss


for epoch in range(trn.getint("epochs")):
    mean = np.mean([step(x, y) for x, y in train])
    if epoch % 3 == 1:
        print(f"epoch {epoch + 1:2d}: loss {mean:.4f}")

for v, s in zip(net.trainable_variables, shadow):
    v.assign(s)
called = (net.predict(shots[te], verbose=0)[:, 0] > 0).astype(int)
print(f"accuracy {np.mean(called == flaw[te]):.3f}   flaws found {recall_score(flaw[te], called):.3f}   "
      f"balanced accuracy {balanced_accuracy_score(flaw[te], called):.3f}   alarms {called.sum()}")
