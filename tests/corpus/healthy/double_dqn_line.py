import collections, random
import numpy as np
import tensorflow as tf
import keras

random.seed(0); np.random.seed(0); keras.utils.set_random_seed(0)

# --- environment: a cart on a line; reach the cell +5 from wherever it is put down. ---
# Each step costs 1, the goal pays 10, and 25 steps is the end of patience.
class LineWorld:
    LOW, HIGH, GOAL = -6, 6, 5

    def reset(self):
        self.pos = random.randint(self.LOW, self.GOAL - 1)
        self.t = 0
        return self.obs()

    def obs(self):
        return np.array([self.pos / 6.0, 1.0], dtype="float32")

    def step(self, action):           # 0 left, 1 stay, 2 right
        if random.random() < 0.1:     # a slippery floor
            action = random.randrange(3)
        self.pos = min(self.HIGH, max(self.LOW, self.pos + action - 1))
        self.t += 1
        if self.pos == self.GOAL:
            return self.obs(), 10.0, True
        return self.obs(), -1.0, self.t >= 25


def q_network():
    return keras.Sequential([
        keras.layers.Input((2,)),
        keras.layers.Dense(48, activation="tanh"),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(3, kernel_initializer="zeros"),
    ])


online, target = q_network(), q_network()
target.set_weights(online.get_weights())
target.trainable = False
optimizer = keras.optimizers.Adam(learning_rate=1e-3, clipnorm=10.0)
huber = keras.losses.Huber()
GAMMA = 0.95
memory = collections.deque(maxlen=5000)


@tf.function(reduce_retracing=True)
def learn(s, a, r, s2, done):
    best = tf.argmax(online(s2), axis=1)                       # online net chooses ...
    q_next = tf.gather(target(s2), best, axis=1, batch_dims=1)  # ... target net judges
    goal = r + GAMMA * (1.0 - done) * q_next
    with tf.GradientTape() as tape:
        q = tf.gather(online(s, training=True), a, axis=1, batch_dims=1)
        loss = huber(tf.stop_gradient(goal)[:, None], q[:, None])
    grads = tape.gradient(loss, online.trainable_variables)
    optimizer.apply_gradients(zip(grads, online.trainable_variables))
    return loss


@tf.function
def greedy(obs):
    return tf.argmax(online(obs[None]), axis=1)[0]


env = LineWorld()
frame, returns, losses = 0, [], []
for episode in range(260):
    obs, done, total = env.reset(), False, 0.0
    epsilon = max(0.05, 1.0 - episode / 150)
    while not done:
        action = random.randrange(3) if random.random() < epsilon else int(greedy(obs))
        nxt, reward, done = env.step(action)
        memory.append((obs, action, reward, nxt, float(done)))
        obs, total, frame = nxt, total + reward, frame + 1
        if len(memory) >= 200:
            s, a, r, s2, d = zip(*random.sample(memory, 64))
            losses.append(float(learn(np.array(s), np.array(a, "int32"), np.array(r, "float32"),
                                      np.array(s2), np.array(d, "float32"))))
        if frame % 100 == 0:
            target.set_weights(online.get_weights())
    returns.append(total)
    if (episode + 1) % 65 == 0:
        # The loss may rise while the values are still growing: watch the returns.
        print(f"episode {episode + 1}: return {np.mean(returns[-50:]):6.2f}  loss {np.mean(losses[-200:]):.3f}")

scores = []
for _ in range(50):
    obs, done, total = env.reset(), False, 0.0
    while not done:
        obs, reward, done = env.step(int(greedy(obs)))
        total += reward
    scores.append(total)
print(f"random play {np.mean(returns[:15]):.2f}, greedy play {np.mean(scores):.2f} (best possible is about 4)")
