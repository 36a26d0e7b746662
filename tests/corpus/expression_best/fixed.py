"""Tumour subtype from a gene panel: small study, 500 patients, labels from two pathologists (they disagree at times)."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 61
rs = np.random.RandomState(SEED)
keras.utils.set_random_seed(SEED)

N_TRAIN, N_VAL, GENES, PATHWAYS = 500, 400, 60, 10
MAX_EPOCHS, PATIENCE = 200, 15


def simulate(n, loadings):
    """Pathway activities drive correlated groups of genes; subtype depends on three pathways."""
    act = rs.normal(size=(n, PATHWAYS))
    genes = act @ loadings + rs.normal(scale=0.8, size=(n, GENES)) + rs.normal(scale=0.4, size=(n, 1))
    score = 1.6 * act[:, 0] - 1.3 * act[:, 1] + 1.1 * act[:, 2]
    y = (score > 0).astype("float32")
    disagree = rs.rand(n) < 0.12
    y[disagree] = 1 - y[disagree]
    return genes.astype("float32"), y[:, None]


loadings = rs.normal(scale=0.6, size=(PATHWAYS, GENES)) * (rs.rand(PATHWAYS, GENES) < 0.4)
Xt, Yt = simulate(N_TRAIN, loadings)
Xv, Yv = simulate(N_VAL, loadings)
mean, std = Xt.mean(0), Xt.std(0)
Xt, Xv = (Xt - mean) / std, (Xv - mean) / std

net = keras.Sequential([
    keras.layers.Input((GENES,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1),
])
bce = keras.losses.BinaryCrossentropy(from_logits=True)
adam = keras.optimizers.Adam(5e-4)
batches = tf.data.Dataset.from_tensor_slices((Xt, Yt)).shuffle(N_TRAIN, seed=SEED).batch(32)


@tf.function
def train_batch(x, y):
    with tf.GradientTape() as tape:
        loss = bce(y, net(x, training=True))
    adam.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


@tf.function
def val_loss_fn():
    return bce(Yv, net(Xv, training=False))


best_val, best_weights, waited = np.inf, net.get_weights(), 0
for epoch in range(MAX_EPOCHS):
    train_loss = np.mean([float(train_batch(x, y)) for x, y in batches])
    val_loss = float(val_loss_fn())
    if epoch % 10 == 0:
        print("epoch {:3d}  train {:.4f}  val {:.4f}".format(epoch, train_loss, val_loss))
    if val_loss < best_val:
        best_val, best_weights, waited = val_loss, net.get_weights(), 0
    else:
        waited += 1
        if waited >= PATIENCE:
            print("stopped at epoch", epoch)
            break

net.set_weights(best_weights)
train_logit, val_logit = net(Xt).numpy(), net(Xv).numpy()
print("train: loss %.3f accuracy %.3f" % (bce(Yt, train_logit), np.mean((train_logit > 0) == Yt)))
print("validation: loss %.3f accuracy %.3f" % (bce(Yv, val_logit), np.mean((val_logit > 0) == Yv)))
