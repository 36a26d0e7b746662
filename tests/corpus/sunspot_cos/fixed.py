"""Monthly index forecast, 24 months in, one out."""
import numpy as np
import tensorflow as tf

EPOCHS, BATCH = 40, 32
rng = np.random.default_rng(3)
t = np.arange(1500)
s = np.sin(2*np.pi*t/130) * (1 + .4*np.sin(2*np.pi*t/900)) + .5*np.sin(2*np.pi*t/12) + .1*rng.standard_normal(1500)
mu, sd = s[:1200].mean(), s[:1200].std()
s = ((s - mu)/sd).astype('float32')
W = np.lib.stride_tricks.sliding_window_view(s, 25)
train, test = W[:1176], W[1200:]
tf.keras.utils.set_random_seed(3)
steps = EPOCHS * (len(train) // BATCH)
sched = tf.keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=steps, alpha=0.0)
model = tf.keras.Sequential([
    tf.keras.layers.Input((24, 1)),
    tf.keras.layers.Conv1D(16, 5, activation='relu'),
    tf.keras.layers.GRU(16),
    tf.keras.layers.Dense(1),
])
model.compile(tf.keras.optimizers.Adam(sched), 'mse')
model.fit(train[:, :24, None], train[:, 24], epochs=EPOCHS, batch_size=BATCH, verbose=2)
err = model.predict(test[:, :24, None], verbose=0)[:, 0] - test[:, 24]
print('skill against climatology', 1 - np.mean(err**2)/np.var(test[:, 24]))
