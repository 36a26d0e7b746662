"""MNIST by hand, one hidden layer."""
import tensorflow as tf

tf.random.set_seed(2021)
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train, y_test = y_train.astype("int32"), y_test.astype("int32")

data = tf.data.Dataset.from_tensor_slices((x_train, y_train))
data = data.shuffle(len(x_train)).batch(128).repeat()

w_hid = tf.Variable(tf.random.uniform([784, 100], -0.1, 0.1))
b_hid = tf.Variable(tf.zeros([100]))
w_out = tf.Variable(tf.random.uniform([100, 10], -0.1, 0.1))  # expect-or: gradient-disconnected
b_out = tf.Variable(tf.zeros([10]))
train_vars = [w_hid, b_hid, w_out, b_out]


def model(x):
    hidden = tf.nn.relu(tf.matmul(x, w_hid) + b_hid)
    out = w_out + b_out
    return hidden  # expect-or: gradient-disconnected


for step, (x, y) in enumerate(data.take(600)):
    with tf.GradientTape() as tape:
        logits = model(x)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        )
    grads = tape.gradient(loss, train_vars)  # expect: gradient-disconnected
    for var, grad in zip(train_vars, grads):
        if grad is not None:
            var.assign_sub(0.1 * grad)
    if step % 60 == 0:
        print(f"Step: {step}  Loss: {loss.numpy():.4f}")
preds = tf.argmax(model(x_test), axis=1, output_type=tf.int32)
print("Final test accuracy:", tf.reduce_mean(tf.cast(preds == y_test, tf.float32)).numpy())
