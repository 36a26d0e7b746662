import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(10)
X, y = load_digits(return_X_y=True)
mean, std = X.mean(axis=0), X.std(axis=0)
X = (X - mean) / (std + 1e-6)

train = tf.data.Dataset.from_tensor_slices((X[:1500].astype("float32"), y[:1500]))
train = train.shuffle(1500).batch(30)

model = tf.keras.Sequential([
    tf.keras.layers.Dense(50, activation="relu"),
    tf.keras.layers.Dense(10),
])
optimizer = tf.keras.optimizers.SGD(0.05)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

for epoch in range(6):
    total = 0.0
    for xb, yb in train:
        with tf.GradientTape() as tape:
            loss = loss_fn(yb, model(xb))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        total += float(loss)
    print("epoch", epoch, "loss", total / 50)
pred = model(X[1500:].astype("float32")).numpy().argmax(1)
print("accuracy", (pred == y[1500:]).mean())
