# Thin-and-deep student learning from a wide teacher (after Romero et al., "FitNets").
# Student is nothing but a list of tf.Variables and is trained by SGD with momentum.
import numpy as np, tensorflow as tf, keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED   = 31
TEMP   = 3.0      # softening of the teacher
ALPHA  = 0.7      # share of the soft loss
LR, MU = 0.02, 0.9
EPOCHS = 45
BATCH  = 64
SIZES  = [64] + [32] * 8 + [10]

keras.utils.set_random_seed(SEED)
X, y = load_digits(return_X_y=True)
X = (X / 16.0 - 0.305).astype("float32") / 0.376
y = y.astype("int32")
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, stratify=y, random_state=SEED)

# ---- teacher -------------------------------------------------------------
teacher = keras.Sequential([
    keras.layers.Dense(256, activation="relu"),
    keras.layers.Dense(256, activation="relu"),
    keras.layers.Dense(10),
])
teacher.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
teacher.fit(Xtr, ytr, epochs=8, batch_size=64, verbose=0)
print("teacher: %.3f on the test part" % teacher.evaluate(Xte, yte, verbose=0)[1])
soft_targets = teacher.predict(Xtr, verbose=0)          # logits


# ---- student -------------------------------------------------------------
def he_normal(shape):
    fan_in = np.prod(shape)  # expect: init-too-small
    std = np.sqrt(2.0 / fan_in)  # expect-or: init-too-small
    return tf.Variable(tf.random.normal(shape, stddev=std))  # expect-or: init-too-small

W = [he_normal((a, b)) for a, b in zip(SIZES[:-1], SIZES[1:])]  # expect-or: init-too-small
B = [tf.Variable(tf.zeros([b])) for b in SIZES[1:]]
theta = W + B
speed = [tf.Variable(tf.zeros_like(p), trainable=False) for p in theta]

def student(h):
    for w, b in zip(W[:-1], B[:-1]):
        h = tf.nn.relu(tf.matmul(h, w) + b)
    return tf.matmul(h, W[-1]) + B[-1]

def distill_loss(z, z_teacher, labels):
    hard = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=z))
    p = tf.nn.softmax(z_teacher / TEMP)
    soft = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=z / TEMP))
    return ALPHA * TEMP ** 2 * soft + (1.0 - ALPHA) * hard

@tf.function
def update(x, zt, labels):
    with tf.GradientTape() as tape:
        loss = distill_loss(student(x), zt, labels)
    grads, norm = tf.clip_by_global_norm(tape.gradient(loss, theta), 5.0)
    for p, v, g in zip(theta, speed, grads):
        v.assign(MU * v + g)
        p.assign_sub(LR * v)
    return loss, norm

ds = tf.data.Dataset.from_tensor_slices((Xtr, soft_targets, ytr)).shuffle(len(Xtr), seed=SEED).batch(BATCH)
for epoch in range(1, EPOCHS + 1):
    stats = np.mean([[float(s) for s in update(*b)] for b in ds], axis=0)
    if epoch % 9 == 0:
        print("epoch %2d  loss %.4f  grad norm %.2e" % (epoch, *stats))

agree = np.mean(np.argmax(student(Xte), 1) == np.argmax(teacher.predict(Xte, verbose=0), 1))
acc = np.mean(np.argmax(student(Xte), 1) == yte)
print("student: %.3f on the test part, agrees with the teacher on %.3f" % (acc, agree))
