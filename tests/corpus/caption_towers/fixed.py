# Two towers: picture vector and bag of caption tokens into one space.
# Loss goes nicely to zero, retrieval is worse than chance. What?
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(13)
rs = np.random.RandomState(13)
N, VOC, LEN, PIC = 1500, 60, 8, 40

# toy data: every caption token adds its direction to the picture vector
dirs = rs.randn(VOC, PIC).astype("float32")
caps = rs.randint(0, VOC, (N, LEN))
pics = dirs[caps].mean(1) + 0.1 * rs.randn(N, PIC).astype("float32")
pics = pics / pics.std()

txt_tower = keras.Sequential([
    keras.Input((LEN,), dtype="int32"),
    keras.layers.Embedding(VOC, 32),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(PIC),
])
pic_dim = pics.shape[1]
print("align", txt_tower.output_shape, "with", pic_dim)


def alignment_loss(target, guess):
    cos = keras.losses.cosine_similarity(target, guess, axis=-1)
    return tf.reduce_mean(1.0 + cos)


adam = keras.optimizers.Adam(3e-3)
ntr, bs = 1200, 80
for epoch in range(11):
    order = rs.permutation(ntr)
    running = 0.0
    for k in range(0, ntr, bs):
        idx = order[k:k + bs]
        with tf.GradientTape() as tape:
            loss = alignment_loss(pics[idx], txt_tower(caps[idx], training=True))
        gr = tape.gradient(loss, txt_tower.trainable_weights)
        adam.apply_gradients(zip(gr, txt_tower.trainable_weights))
        running += float(loss) / (ntr // bs)
    print(f"epoch {epoch:2d} loss {running:.4f}")


def unit(v):
    return v / np.linalg.norm(v, axis=1, keepdims=True)


sims = unit(txt_tower(caps[ntr:]).numpy()) @ unit(pics[ntr:]).T
rank = (sims > np.diag(sims)[:, None]).sum(1)
print("top-1 %.3f  top-10 %.3f  median rank %d of %d" % ((rank == 0).mean(), (rank < 10).mean(), np.median(rank), len(rank)))
