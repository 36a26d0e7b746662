import tensorflow as tf

tf.random.set_seed(6)
LAYERS = [784, 120, 120, 120, 10]

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_train = tf.reshape(tf.image.convert_image_dtype(x_train, tf.float32), [-1, 784])
x_test = tf.reshape(tf.image.convert_image_dtype(x_test, tf.float32), [-1, 784])
y_train, y_test = tf.cast(y_train, tf.int32), tf.cast(y_test, tf.int32)

params = []
for fan_in, fan_out in zip(LAYERS[:-1], LAYERS[1:]):
    params.append(tf.Variable(tf.random.normal([fan_in, fan_out], stddev=(2.0 / fan_in) ** 0.5)))
    params.append(tf.Variable(tf.zeros([fan_out])))


def model(h):
    for k in range(0, len(params) - 2, 2):
        h = tf.nn.relu(tf.matmul(h, params[k]) + params[k + 1])
    return tf.matmul(h, params[-2]) + params[-1]


@tf.function
def update(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x))
        )
    for p, g in zip(params, tape.gradient(loss, params)):
        p.assign_sub(0.1 * g)
    return loss


batches = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train)).repeat().batch(100)
for step, (x, y) in enumerate(batches.take(1000), start=1):
    loss = update(x, y)
    if step % 100 == 0:
        print(step, round(loss.numpy(), 4))
correct = tf.equal(tf.argmax(model(x_test), 1, tf.int32), y_test)
print("test accuracy", tf.reduce_mean(tf.cast(correct, tf.float32)).numpy())
