# denoising autoencoder, own loop. fit() learns with the same layers, my loop does not:
# the validation error is the same in every epoch
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(5)
(img, _), (img_t, _) = tf.keras.datasets.mnist.load_data()
img = img.reshape(-1, 784).astype("float32") / 255
img_t = img_t.reshape(-1, 784).astype("float32") / 255
rng = np.random.default_rng(0)
noisy_t = np.clip(img_t + 0.3 * rng.normal(size=img_t.shape), 0, 1).astype("float32")

enc = tf.keras.Sequential([tf.keras.layers.Dense(128, activation="relu"), tf.keras.layers.Dense(32, activation="relu")])
dec = tf.keras.Sequential([tf.keras.layers.Dense(128, activation="relu"), tf.keras.layers.Dense(784, activation="sigmoid")])
ae = tf.keras.Sequential([tf.keras.Input((784,)), enc, dec])
optimizer = tf.keras.optimizers.Adam(2e-3)


@tf.function
def step(noisy, clean):
    with tf.GradientTape() as tape:
        rec = ae(noisy, training=True)
        loss = tf.reduce_mean(tf.keras.losses.binary_crossentropy(clean, rec))
    optimizer.apply_gradients(zip(tape.gradient(loss, ae.trainable_variables), ae.trainable_variables))
    return loss


best_val = float("inf")
best_weights = ae.get_weights()
patience = 0

for epoch in range(12):
    idx = rng.permutation(len(img))
    losses = []
    for i in range(0, len(idx), 64):
        clean = img[idx[i:i + 64]]
        noisy = np.clip(clean + 0.3 * rng.normal(size=clean.shape), 0, 1).astype("float32")
        losses.append(float(step(tf.constant(noisy), tf.constant(clean))))

    rec = ae(noisy_t, training=False).numpy()
    val = float(np.mean((rec - img_t) ** 2))
    if val < best_val:
        best_val = val
        best_weights = ae.get_weights()
        patience = 0
    else:
        # worse than before: go back and try again
        patience += 1
        ae.set_weights(best_weights)
    print(f"epoch {epoch + 1:2d}  train bce {np.mean(losses):.4f}  val mse {val:.4f}  bad epochs {patience}")

ae.set_weights(best_weights)
final = ae(noisy_t).numpy()
print("noisy mse   ", np.mean((noisy_t - img_t) ** 2))
print("denoised mse", np.mean((final - img_t) ** 2))
