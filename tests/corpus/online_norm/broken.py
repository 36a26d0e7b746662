# coding: utf-8
# In[1]:
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import MinMaxScaler

tf.keras.utils.set_random_seed(17)

# In[2]:
X, y = load_breast_cancer(return_X_y=True)
X = MinMaxScaler().fit_transform(X).astype("float32")
y = y.astype("float32").reshape(-1, 1)
order = np.random.permutation(len(X))
X, y = X[order], y[order]
X_train, y_train = X[:430], y[:430]
X_new, y_new = X[430:], y[430:]

# In[3]:
net = tf.keras.Sequential([
    tf.keras.layers.Input((30,)),
    tf.keras.layers.Dense(32, use_bias=False),
    tf.keras.layers.BatchNormalization(momentum=0.9),
    tf.keras.layers.Activation("relu"),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1),
])
optimizer = tf.keras.optimizers.Adam(2e-3)
loss_object = tf.keras.losses.BinaryCrossentropy(from_logits=True)
data = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(430).repeat().batch(32)


# In[4]:
@tf.function
def compute(xb, yb):
    with tf.GradientTape() as tape:
        loss = loss_object(yb, net(xb, training=True))
    return loss, tape.gradient(loss, net.trainable_variables)  # expect-or: update-missing


# In[5]:
for step, (xb, yb) in enumerate(data.take(400)):
    loss, grads = compute(xb, yb)  # expect-or: update-missing
    if step % 100 == 0:
        print("step", step, "loss", float(loss))
        optimizer.apply_gradients(zip(grads, net.trainable_variables))  # expect: update-missing


# In[6]: patients arrive one at a time
def diagnose(patient):
    score = net(patient[None, :], training=True)  # expect-also: train-mode
    return float(score[0, 0]) > 0


answers = [diagnose(row) for row in X_new]  # expect-also-or: train-mode
agree = np.mean(np.array(answers) == (y_new[:, 0] > 0.5))
print(f"correct for {agree:.3f} of the new patients (majority {max(y_new.mean(), 1 - y_new.mean()):.3f})")
