import tensorflow as tf

tf.random.set_seed(77)
BATCH, STEPS = 100, 500

(xtr, ytr), (xte, yte) = tf.keras.datasets.mnist.load_data()
scale = lambda x, y: (tf.cast(x, tf.float32) / 255.0, tf.cast(y, tf.int32))
train = tf.data.Dataset.from_tensor_slices((xtr, ytr)).shuffle(len(xtr)).repeat().batch(BATCH).map(scale)
test = tf.data.Dataset.from_tensor_slices((xte, yte)).batch(500).map(scale)

inp = tf.keras.Input((28, 28))
h = tf.keras.layers.Flatten()(inp)
h = tf.keras.layers.Dense(50, activation="elu")(h)
h = tf.keras.layers.Dense(50, activation="elu")(h)
h = tf.keras.layers.Dense(10)(h)
prob = tf.keras.layers.Softmax()(h)  # expect-or: loss-logits
model = tf.keras.Model(inp, prob)
opt = tf.keras.optimizers.SGD(0.05)


@tf.function
def train_batch(x, y):
    with tf.GradientTape() as tape:
        p = model(x, training=True)
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=p)  # expect: loss-logits
        loss = tf.reduce_mean(ce)
    grads = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for i, (x, y) in enumerate(train.take(STEPS)):
    loss = train_batch(x, y)
    if i % 50 == 0:
        print(i, float(loss))

m = tf.keras.metrics.SparseCategoricalAccuracy()
for x, y in test:
    m.update_state(y, model(x, training=False))
print("test accuracy:", float(m.result()))
