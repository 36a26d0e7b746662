"""A GAN: two tapes and two optimisers in one @tf.function, equal terms in both losses."""
import json

import keras
import tensorflow as tf

keras.utils.set_random_seed(1)
generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(2)])
critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)])
generator_adam, critic_adam = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)
cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


@tf.function
def step(real, noise):
    with tf.GradientTape() as generator_tape, tf.GradientTape() as critic_tape:
        fake = generator(noise)
        on_real, on_fake = critic(real), critic(fake)
        generator_loss = cross_entropy(tf.ones_like(on_fake), on_fake)
        critic_loss = cross_entropy(tf.ones_like(on_real), on_real)
        critic_loss += cross_entropy(tf.zeros_like(on_fake), on_fake)
    slopes = generator_tape.gradient(generator_loss, generator.trainable_variables)
    generator_adam.apply_gradients(zip(slopes, generator.trainable_variables))
    slopes = critic_tape.gradient(critic_loss, critic.trainable_variables)
    critic_adam.apply_gradients(zip(slopes, critic.trainable_variables))


for _ in range(200):
    step(tf.random.normal([32, 2]) + 2.0, tf.random.normal([32, 4]))
print(json.dumps([w.flatten().tolist() for w in generator.get_weights() + critic.get_weights()]))
