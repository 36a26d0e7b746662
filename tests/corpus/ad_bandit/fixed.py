"""Which of four banners to show to which kind of visitor: actor-critic on a contextual bandit."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Dense
from tensorflow.keras.optimizers import Adam

np.random.seed(0)
tf.keras.utils.set_random_seed(0)

n_segments = 5
n_banners = 4
n_epochs = 150
n_samples = 512

click_prob = np.full((n_segments, n_banners), 0.15)
best = np.array([2, 0, 3, 1, 2])
click_prob[np.arange(n_segments), best] = 0.80


def draw_visitors(n):
    seg = np.random.randint(0, n_segments, size=n)
    return seg, np.eye(n_segments, dtype="float32")[seg]


def play(segments, actions):
    p = click_prob[segments, actions]
    return (np.random.rand(len(p)) < p).astype("float32")


actor_in = Input(shape=(n_segments,))
actor_hidden = Dense(24, activation="relu")(actor_in)
actor_out = Dense(n_banners, activation="softmax")(actor_hidden)
actor = Model(actor_in, actor_out)
actor_opt = Adam(learning_rate=0.01)

critic_in = Input(shape=(n_segments,))
critic_hidden = Dense(24, activation="relu")(critic_in)
critic_out = Dense(1)(critic_hidden)
critic = Model(critic_in, critic_out)
critic_opt = Adam(learning_rate=0.01)


@tf.function
def update(contexts, actions, rewards):
    with tf.GradientTape() as tape_a, tf.GradientTape() as tape_c:
        probs = actor(contexts)
        values = tf.squeeze(critic(contexts), axis=1)
        chosen = tf.reduce_sum(probs * tf.one_hot(actions, n_banners), axis=1)
        log_prob = tf.math.log(chosen + 1e-8)
        advantage = rewards - values
        actor_loss = -tf.reduce_mean(log_prob * tf.stop_gradient(advantage))
        critic_loss = tf.reduce_mean(tf.square(advantage))
    grads_a = tape_a.gradient(actor_loss, actor.trainable_variables)
    grads_c = tape_c.gradient(critic_loss, critic.trainable_variables)
    actor_opt.apply_gradients(zip(grads_a, actor.trainable_variables))
    critic_opt.apply_gradients(zip(grads_c, critic.trainable_variables))
    return actor_loss, critic_loss


history = []
for epoch in range(n_epochs):
    seg, contexts = draw_visitors(n_samples)
    probs = actor(contexts).numpy()
    cum = probs.cumsum(axis=1)
    actions = (np.random.rand(n_samples, 1) > cum).sum(axis=1).clip(0, n_banners - 1)
    rewards = play(seg, actions)
    a_loss, c_loss = update(tf.constant(contexts), tf.constant(actions), tf.constant(rewards))
    history.append(rewards.mean())
    if (epoch + 1) % 25 == 0:
        print("epoch %4d  actor loss %+.4f  critic loss %.4f  click rate (last 50) %.3f"
              % (epoch + 1, a_loss, c_loss, np.mean(history[-50:])))

final = actor(np.eye(n_segments, dtype="float32")).numpy()
print("\nprobability of each banner, one row per visitor segment")
print(final.round(2))
print("segments with the best banner on top:", int((final.argmax(axis=1) == best).sum()), "of", n_segments)
print("click rate at the end: %.3f, always the best banner would give 0.800" % np.mean(history[-50:]))
