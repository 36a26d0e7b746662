import numpy as np, tensorflow as tf
rng = np.random.default_rng(1)
X = rng.normal(size=(800, 4)).astype("float32"); y = (X @ [1., -2., .5, 3.]).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(32, activation="relu"), tf.keras.layers.Dense(1)])
opt = tf.keras.optimizers.Adam(1e-2)
for epoch in range(30):
    for i in range(0, 800, 50):
        with tf.GradientTape() as tape:
            pred = model(X[i:i+50])[:, 0]
            loss = tf.reduce_mean(tf.abs(pred - y[i:i+50]))
        g = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(g, model.trainable_variables))
print("R2", 1 - ((model(X).numpy()[:, 0] - y) ** 2).mean() / y.var())
