"""A generator of help-desk tickets, for tests and demos."""
import numpy as np

TEAMS = ("network", "billing", "accounts", "hardware", "software")
_OWN = {
    "network": "wifi vpn router latency dns timeout cable bandwidth packet proxy firewall ping".split(),
    "billing": "invoice refund charge payment receipt card vat discount credit overdue bank price".split(),
    "accounts": "password login username locked email reset verify signup profile token session twofactor".split(),
    "hardware": "screen keyboard battery fan disk monitor charger mouse dock hinge overheats speaker".split(),
    "software": "crash update install version plugin export freeze license bug macro sync driver".split(),
}
_COMMON = ("hello please help the my is not working since yesterday again can you check i have a "
           "problem with this it does after we our office customer need today urgent thanks and "
           "when to of in for still tried twice no same error message").split()
_ALIEN = [w for words in _OWN.values() for w in words]


def tickets(count, seed):
    rng = np.random.default_rng(seed)
    texts, teams = [], []
    for _ in range(count):
        team = int(rng.integers(len(TEAMS)))
        words = list(rng.choice(_COMMON, rng.integers(9, 18)))
        words += list(rng.choice(_OWN[TEAMS[team]], rng.integers(2, 4), replace=False))
        words += list(rng.choice(_ALIEN, rng.binomial(2, 0.45)))
        rng.shuffle(words)
        texts.append(" ".join(words))
        teams.append(team)
    return np.array(texts), np.array(teams, dtype="int32")
