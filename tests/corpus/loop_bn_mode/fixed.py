import numpy as np, tensorflow as tf
(x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
x, xt = x.astype("float32"), xt.astype("float32")
net = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(64, activation="tanh"), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(10)])
opt = tf.keras.optimizers.SGD(0.05); lf = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2000).batch(64)
for epoch in range(6):
    for a, b in ds:
        with tf.GradientTape() as tape:
            loss = lf(b, net(a, training=True))
        opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
print(np.mean(net(xt).numpy().argmax(1) == yt))
