"""Minimal `key: value` settings, one level deep; values are read as Python literals where possible."""
import ast
from dataclasses import dataclass, fields


@dataclass
class Settings:
    # physics
    k: float = 20.0
    damping: float = 0.8
    theta0: float = 1.6
    t_end: float = 2.5
    # network
    width: int = 32
    depth: int = 3
    activation: str = "linear"
    # training
    steps: int = 1600
    points: int = 96
    lr: float = 4e-3
    sensor_weight: float = 4.0
    start_weight: float = 10.0
    seed: int = 0


def load(path):
    known = {f.name for f in fields(Settings)}
    values = {}
    for line in open(path, encoding="utf8"):
        key, sep, raw = line.split("#")[0].partition(":")
        if not sep or key.strip() not in known:
            continue
        raw = raw.strip()
        try:
            values[key.strip()] = ast.literal_eval(raw)
        except (ValueError, SyntaxError):
            values[key.strip()] = raw
    return Settings(**values)
