import argparse, os, sys
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import roc_auc_score

HERE = os.path.dirname(os.path.abspath(__file__))

parser = argparse.ArgumentParser(fromfile_prefix_chars='@')
parser.add_argument('--batch', type=int)
parser.add_argument('--accum', type=int, help='micro-batches per update')
parser.add_argument('--epochs', type=int)
parser.add_argument('--lr', type=float, default=4e-3)
args = parser.parse_args(sys.argv[1:] or ['@' + os.path.join(HERE, 'day.args')])
tf.keras.utils.set_random_seed(21)

data = load_breast_cancer()
x_tr, x_te, y_tr, y_te = train_test_split(data.data, data.target, test_size=0.25,
                                          stratify=data.target, random_state=21)
sc = StandardScaler().fit(x_tr)
x_tr, x_te = sc.transform(x_tr).astype('float32'), sc.transform(x_te).astype('float32')
y_tr, y_te = y_tr[:, None].astype('float32'), y_te[:, None].astype('float32')

ds = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(len(x_tr)).batch(args.batch, drop_remainder=True)

model = tf.keras.Sequential([
    tf.keras.layers.Input((x_tr.shape[1],)),
    tf.keras.layers.Dense(24, activation='elu'),
    tf.keras.layers.Dense(12, activation='elu'),
    tf.keras.layers.Dense(1),
])
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(args.lr)
bank = [tf.Variable(tf.zeros_like(v), trainable=False) for v in model.trainable_variables]


def clear():
    for b in bank:
        b.assign(tf.zeros_like(b))


@tf.function
def micro_step(xb, yb):
    with tf.GradientTape() as tape:
        loss = bce(yb, model(xb, training=True))
    for b, g in zip(bank, tape.gradient(loss, model.trainable_variables)):
        b.assign_add(g / args.accum)
    return loss


for epoch in range(1, args.epochs + 1):
    clear()
    mean_loss = tf.keras.metrics.Mean()
    for i, (xb, yb) in enumerate(ds, start=1):
        mean_loss.update_state(micro_step(xb, yb))
        if i % args.accum == 0:
            optimizer.apply_gradients(zip([b.value() for b in bank], model.trainable_variables))
            clear()
    if epoch % 5 == 0 or epoch == 1:
        val = bce(y_te, model(x_te, training=False))
        print(f'[{epoch:02d}/{args.epochs}] loss={float(mean_loss.result()):.4f} val_loss={float(val):.4f}')

score = tf.sigmoid(model(x_te, training=False)).numpy()
print('accuracy  %.4f' % np.mean((score > 0.5) == (y_te > 0.5)))
print('ROC AUC   %.4f' % roc_auc_score(y_te, score))
