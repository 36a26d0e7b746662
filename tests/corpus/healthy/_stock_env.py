import numpy as np


class Shop:
    """Many copies of one small shop: order each evening, goods arrive two days later, demand has a weekly rhythm."""

    MAX_ORDER = 12
    DAYS = 28
    OBS = 6
    WEEK = np.array([3, 3, 4, 4, 7, 10, 6], float)

    def __init__(self, copies, seed):
        self.n = copies
        self.rng = np.random.default_rng(seed)

    def reset(self):
        self.stock = self.rng.integers(2, 14, self.n).astype(float)
        self.coming = np.zeros((self.n, 2))
        self.day = self.rng.integers(0, 7, self.n)
        return self.observe()

    def observe(self):
        a = 2 * np.pi * self.day / 7
        return np.stack(
            [self.stock / 10 - 1, self.coming[:, 0] / 6 - 1, self.coming[:, 1] / 6 - 1,
             np.sin(a), np.cos(a), np.sin(2 * a)], axis=1).astype(np.float32)

    def step(self, order):
        self.stock = np.minimum(self.stock + self.coming[:, 0], 30)
        self.coming = np.stack([self.coming[:, 1], order.astype(float)], 1)
        demand = self.rng.poisson(self.WEEK[self.day])
        sold = np.minimum(self.stock, demand)
        self.stock -= sold
        reward = 3.0 * sold - 1.0 * order - 0.25 * self.stock - 1.0 * (demand - sold)
        self.day = (self.day + 1) % 7
        return self.observe(), reward.astype(np.float32)
