import tensorflow as tf
from sklearn.datasets import load_digits

SEED, EPOCHS, BATCH = 99, 12, 64
tf.keras.utils.set_random_seed(SEED)

X, Y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
split = 1400
train_ds = tf.data.Dataset.from_tensor_slices((X[:split], Y[:split])).shuffle(split).batch(BATCH)

w_init = tf.keras.initializers.RandomUniform(minval=-0.25, maxval=-0.01)  # expect: dead-relu
fc1 = tf.keras.layers.Dense(80, kernel_initializer=w_init)  # expect-or: dead-relu
fc2 = tf.keras.layers.Dense(40, kernel_initializer=w_init)  # expect-or: dead-relu
out = tf.keras.layers.Dense(10)
relu = tf.keras.layers.ReLU()  # expect-or: dead-relu


def forward(x):
    return out(relu(fc2(relu(fc1(x)))))  # expect-or: dead-relu


criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.RMSprop(1e-3)
for epoch in range(1, EPOCHS + 1):
    running = 0.0
    for i, (inputs, targets) in enumerate(train_ds):
        with tf.GradientTape() as tape:
            loss = criterion(targets, forward(inputs))
        params = fc1.trainable_variables + fc2.trainable_variables + out.trainable_variables
        optimizer.apply(tape.gradient(loss, params), params)
        running += loss.numpy()
    print(f"epoch {epoch}: {running / (i + 1):.4f}")

correct = tf.reduce_sum(tf.cast(tf.argmax(forward(X[split:]), 1) == Y[split:], tf.int32))
print(f"accuracy: {100 * int(correct) / len(X[split:]):.1f}%")
