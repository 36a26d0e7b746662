import tensorflow as tf

tf.random.set_seed(55)
(x, y), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x, x_test = x[..., None] / 255.0, x_test[..., None] / 255.0

model = tf.keras.models.Sequential([
    tf.keras.layers.Conv2D(8, 5, strides=2, activation="relu", kernel_initializer="he_normal"),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(10, activation="relu", bias_initializer=tf.keras.initializers.Constant(-0.3)),  # expect: output-activation
])
optimizer = tf.keras.optimizers.Adam(0.002)
ds = tf.data.Dataset.from_tensor_slices((x.astype("float32"), y)).shuffle(10000).repeat().batch(50)


@tf.function
def train(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, tf.int32), logits)  # expect-or: output-activation
        loss = tf.reduce_mean(loss)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for step, (images, labels) in enumerate(ds.take(300)):
    loss = train(images, labels)
    if step % 30 == 0:
        print("step", step, "loss", float(loss))
guess = tf.argmax(model(x_test.astype("float32")), -1)
print("accuracy", float(tf.reduce_mean(tf.cast(guess == y_test, tf.float32))))
