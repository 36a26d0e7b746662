# Sixty steps of plain SGD: enough for 30 nearly separable features, though the loss is
# still a good way from zero.
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.random.set_seed(100)
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=1, stratify=y)
scaler = StandardScaler().fit(Xa)
Xa, Xb = scaler.transform(Xa).astype("f"), scaler.transform(Xb).astype("f")
ya, yb = ya.astype("f")[:, None], yb.astype("f")[:, None]

net = tf.keras.Sequential([
    tf.keras.layers.Dense(16, activation="tanh", kernel_initializer=tf.keras.initializers.GlorotUniform(seed=4)),
    tf.keras.layers.Dense(1, kernel_initializer=tf.keras.initializers.RandomNormal(stddev=0.05, seed=5)),
])
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
sgd = tf.keras.optimizers.SGD(0.012)

batches = tf.data.Dataset.from_tensor_slices((Xa, ya)).shuffle(len(Xa), seed=2).repeat().batch(32)
for t, (bx, by) in enumerate(batches.take(60), 1):
    with tf.GradientTape() as tape:
        loss = bce(by, net(bx))
    sgd.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    if t == 1 or t % 10 == 0:
        print("step", t, "loss", round(float(loss), 4))

hit = ((net(Xb).numpy() > 0) == (yb > 0.5)).mean()
print("test accuracy %.3f, all benign %.3f, test loss %.3f" % (hit, yb.mean(), float(bce(yb, net(Xb)))))
