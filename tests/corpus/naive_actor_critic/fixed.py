import numpy
import tensorflow as tf
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential

tf.keras.utils.set_random_seed(5)
rng = numpy.random.default_rng(5)


class Corridor:
    """Four sensors; the better of two doors depends on two of them."""

    def reset(self, n):
        self.state = rng.uniform(-1, 1, size=(n, 4)).astype('float32')
        return self.state

    def step(self, action):
        good = (self.state[:, 0] + 0.7 * self.state[:, 2] > 0).astype(int)
        return numpy.where(action == good, 1.0, -1.0) + 0.1 * rng.standard_normal(len(action))


class NaiveActorCritic:
    """no entropy term, one-step episodes"""

    def __init__(self, n_state, n_action):
        self.n_action = n_action

        self.critic = Sequential([Input((n_state,)), Dense(24, activation='tanh'), Dense(1)])
        self.critic.compile(optimizer=tf.keras.optimizers.Adam(5e-3), loss='mse')

        self.actor = Sequential([Input((n_state,)), Dense(24, activation='tanh'),
                                 Dense(n_action, activation='softmax')])
        self.actor.compile(optimizer=tf.keras.optimizers.Adam(5e-3), loss=self.policyLoss)

    def policyLoss(self, y_true, y_pred):
        # negative inner product of the log of the policy and the baseline vector
        loss = tf.reduce_sum(tf.math.log(y_pred) * y_true, axis=1)
        return -loss

    def act(self, state):
        policy = self.actor.predict_on_batch(state)
        u = rng.random((len(state), 1))
        return (u > numpy.cumsum(policy, axis=1)[:, :-1]).sum(axis=1), policy

    def learn(self, state, action, reward):
        value = self.critic.predict_on_batch(state)[:, 0]
        baseline = numpy.zeros((len(state), self.n_action), dtype='float32')
        baseline[numpy.arange(len(state)), action] = reward - value
        criticLoss = self.critic.train_on_batch(state, reward.reshape(-1, 1))
        actorLoss = self.actor.train_on_batch(state, baseline)
        return float(numpy.squeeze(actorLoss)), float(numpy.squeeze(criticLoss))


env = Corridor()
agent = NaiveActorCritic(4, 2)
history = []
for episode in range(1, 361):
    state = env.reset(32)
    action, policy = agent.act(state)
    reward = env.step(action)
    ActorLoss, CriticLoss = agent.learn(state, action, reward)
    history.append(reward.mean())
    if episode % 40 == 0:
        print('episode %4d   reward (last 40) %+.3f   actor loss %s   critic loss %.4f' % (
            episode, numpy.mean(history[-40:]), ActorLoss, CriticLoss))

state = env.reset(1000)
greedy = agent.actor.predict_on_batch(state).argmax(axis=1)
print('greedy policy, mean reward over 1000 states: %.3f' % env.step(greedy).mean())
