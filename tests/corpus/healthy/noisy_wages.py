import logging
import numpy as np
import pandas as pd
import tensorflow as tf

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("wages")

"""What can be said of a person's wage from a survey? About a third of the variance.

The survey is simulated: the noise has a known size, so we know the best possible R2.
The records are independent, and arrive in the order in which people answered.
"""

SEED = 31
np.random.seed(SEED)
tf.keras.utils.set_random_seed(SEED)
n = 12_000

survey = pd.DataFrame({
    "schooling": np.random.normal(12, 3, n).clip(4, 22).round(),
    "experience": np.random.gamma(3.0, 5.0, n).round(1),
    "hours": np.random.normal(37, 6, n).clip(5, 60),
    "tenure": np.random.exponential(5, n).round(1),
    "postcode_noise": np.random.normal(size=n),      # says nothing, and is in the table anyway
})
signal = (0.09 * survey.schooling + 0.045 * survey.experience - 0.0009 * survey.experience ** 2
          + 0.012 * survey.tenure + 0.06 * np.sin(survey.hours / 4))
noise_sd = np.sqrt(signal.var() * (1 - 0.33) / 0.33)
survey["log_wage"] = 1.2 + signal + np.random.normal(0, noise_sd, n)

features = ["schooling", "experience", "hours", "tenure", "postcode_noise"]
train, check, test = survey.iloc[:9_000], survey.iloc[9_000:10_000], survey.iloc[10_000:]

normalise = tf.keras.layers.Normalization()
normalise.adapt(train[features].to_numpy("float32"))     # raw units go in, the layer scales them

pipeline = (
    tf.data.Dataset.from_tensor_slices((train[features].to_numpy("float32"),
                                        train["log_wage"].to_numpy("float32")[:, None]))
    .repeat()
    .shuffle(9_000, seed=SEED)          # mixes over epoch borders; fine for us
    .batch(200)
    .prefetch(tf.data.AUTOTUNE)
)

model = tf.keras.Sequential([
    tf.keras.Input((len(features),)),
    normalise,
    tf.keras.layers.Dense(24, activation="softplus",
                          kernel_regularizer=tf.keras.regularizers.L2(1e-4)),
    tf.keras.layers.Dense(1, bias_initializer=tf.keras.initializers.Constant(float(train.log_wage.mean()))),
])
model.compile(optimizer=tf.keras.optimizers.Adam(5e-3), loss="mse")

history = model.fit(
    pipeline, steps_per_epoch=25, epochs=60, verbose=0,
    validation_data=(check[features].to_numpy("float32"), check[["log_wage"]].to_numpy("float32")),
    callbacks=[tf.keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)],
)

for e, (a, b) in enumerate(zip(history.history["loss"], history.history["val_loss"])):
    if e % 6 == 0:
        log.info("epoch %2d  mse %.4f  val %.4f", e + 1, a, b)

predicted = model.predict(test[features].to_numpy("float32"), verbose=0)[:, 0]
r2 = 1 - np.mean((predicted - test.log_wage) ** 2) / test.log_wage.var(ddof=0)
best = 1 - np.mean((1.2 + signal[10_000:] - test.log_wage) ** 2) / test.log_wage.var(ddof=0)
log.info("stopped after %d epochs; variance %.4f, noise %.4f",
         len(history.epoch), test.log_wage.var(), noise_sd ** 2)
log.info("R2 on unseen people: %.3f; the true formula gets %.3f", r2, best)
