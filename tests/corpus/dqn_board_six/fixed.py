"""Tiny board game. 0 = empty cell, 5 = goal, 8 = player. Agent walks LEFT or RIGHT."""
import random
from collections import deque

import numpy as np
import tensorflow.keras as K

SIZE, PLAYER, GOAL = 6, 8, 5
LEFT, RIGHT = 0, 1

random.seed(4)
K.utils.set_random_seed(4)


class Game:
    def reset(self, player=None, goal=None):
        if player is None:
            player, goal = random.sample(range(SIZE), 2)
        self.player, self.goal = player, goal
        return self.state()

    def state(self):
        board = np.zeros(SIZE, dtype=np.float32)
        board[self.goal] = GOAL
        board[self.player] = PLAYER
        return board

    def step(self, action):
        self.player += 1 if action == RIGHT else -1
        if not 0 <= self.player < SIZE:
            self.player = min(max(self.player, 0), SIZE - 1)
            return self.state(), -1.0, True
        if self.player == self.goal:
            return self.state(), 1.0, True
        return self.state(), 0.0, False


class DQNAgent:
    def __init__(self):
        self.memory = deque(maxlen=1000)
        self.batch_size = 64
        self.gamma = 0.9
        self.epsilon = 1.0
        self.epsilon_min = 0.1
        self.epsilon_decay = 0.99
        self.learning_rate = 0.002
        self.model = self._build_model()

    def _build_model(self):
        # Neural Net for Deep-Q learning Model
        model = K.models.Sequential()
        model.add(K.layers.Input((SIZE,)))
        model.add(K.layers.Dense(48, activation='relu'))
        model.add(K.layers.Dense(48, activation='relu'))
        model.add(K.layers.Dense(2, activation='linear'))
        model.compile(loss='mse', optimizer=K.optimizers.Adam(learning_rate=self.learning_rate))
        return model

    def act(self, state):
        if np.random.rand() <= self.epsilon:
            return random.randrange(2)
        return int(np.argmax(self.model.predict_on_batch(state[None])[0]))

    def remember(self, *transition):
        self.memory.append(transition)

    def replay(self):
        if len(self.memory) < self.batch_size:
            return None
        batch = random.sample(self.memory, self.batch_size)
        states, actions, rewards, nexts, dones = map(np.array, zip(*batch))
        q = np.array(self.model.predict_on_batch(states))
        q_next = self.model.predict_on_batch(nexts).max(axis=1)
        q[np.arange(len(batch)), actions] = rewards + self.gamma * q_next * (1 - dones)
        return float(np.squeeze(self.model.train_on_batch(states, q)))


env, agent = Game(), DQNAgent()
rewards, losses = [], []
for episode in range(1, 301):
    state, done, total, moves = env.reset(), False, 0.0, 0
    while not done and moves < 12:
        action = agent.act(state)
        nxt, reward, done = env.step(action)
        agent.remember(state, action, reward, nxt, float(done))
        state, total, moves = nxt, total + reward, moves + 1
    rewards.append(total)
    for _ in range(3):
        loss = agent.replay()
        if loss is not None:
            losses.append(loss)
    agent.epsilon = max(agent.epsilon_min, agent.epsilon * agent.epsilon_decay)
    if episode % 50 == 0:
        print('episode %3d  reward %+.2f  epsilon %.2f  loss %.5f' % (
            episode, np.mean(rewards[-50:]), agent.epsilon, np.mean(losses[-50:])))

boards = [env.reset(p, g) for p in range(SIZE) for g in range(SIZE) if p != g]
right = [g > p for p in range(SIZE) for g in range(SIZE) if p != g]
q = agent.model.predict(np.array(boards), verbose=0)
for b, v in list(zip(boards, q))[::6]:
    print(b.astype(int), 'LEFT: %.3f, RIGHT: %.3f' % tuple(v))
print('boards with the right move: %d of %d' % (np.sum(q.argmax(axis=1) == np.array(right)), len(boards)))
