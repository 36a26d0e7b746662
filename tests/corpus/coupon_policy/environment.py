import numpy as np


class CouponShop:
    """One-step environment: a visitor arrives, we show one of five coupons, he buys or not."""

    n_features = 6
    n_coupons = 5

    def __init__(self, seed):
        self.rng = np.random.RandomState(seed)
        w = np.random.RandomState(99).randn(self.n_features, self.n_coupons)
        self.preference = 2.0 * w

    def visitors(self, n):
        return self.rng.randn(n, self.n_features).astype(np.float32)

    def buy_probability(self, visitors):
        z = visitors @ self.preference
        best = z == z.max(axis=1, keepdims=True)
        return 0.1 + 0.8 * best

    def show(self, visitors, coupons):
        p = self.buy_probability(visitors)[np.arange(len(visitors)), coupons]
        return (self.rng.rand(len(visitors)) < p).astype(np.float32)
