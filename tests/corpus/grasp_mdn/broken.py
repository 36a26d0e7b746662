"""Reaching movements of a two-link arm from a mixture density network (Bishop, 1994).

Given where the hand is to arrive, the network gives a distribution over whole movements: the two
joint angles at forty way points. The same place can be reached with the elbow on either side.
"""
import argparse
import math

import numpy as np
import keras
from keras import ops

ap = argparse.ArgumentParser()
ap.add_argument("--components", type=int, default=3)
ap.add_argument("--epochs", type=int, default=20)
ap.add_argument("--seed", type=int, default=2)
args = ap.parse_args()
keras.utils.set_random_seed(args.seed)
WAYPOINTS = 40
K, D = args.components, 2 * WAYPOINTS
REST = np.array([0.5, 0.0])
L1, L2 = 0.6, 0.5          # link lengths, m


def reach(angles):
    shoulder, elbow = angles[..., 0], angles[..., 1]
    return np.stack([L1 * np.cos(shoulder) + L2 * np.cos(shoulder + elbow),
                     L1 * np.sin(shoulder) + L2 * np.sin(shoulder + elbow)], axis=-1)


def demonstrations(n, rng):
    """Places with one recorded movement each, minimum-jerk and with some tremor."""
    elbow = rng.uniform(0.6, 2.2, n) * rng.choice([-1, 1], n)
    shoulder = rng.uniform(0.1, 1.0, n) - 0.45 * elbow
    posture = np.stack([shoulder, elbow], axis=1)
    t = np.arange(1, WAYPOINTS + 1)[:, None] / WAYPOINTS
    course = 10 * t**3 - 15 * t**4 + 6 * t**5
    paths = REST + course * (posture[:, None, :] - REST) + rng.normal(0, 0.04, (n, WAYPOINTS, 2))
    place = reach(posture)
    return ((place - [0.6, 0.4]) / 0.3).astype("float32"), paths.reshape(n, D).astype("float32"), place


def unpack(params):
    logits, mean, raw = params[:, :K], params[:, K:K + K * D], params[:, K + K * D:]
    mean = ops.reshape(mean, (-1, K, D))
    sigma = ops.softplus(ops.reshape(raw, (-1, K, D))) + 0.01
    return logits, mean, sigma


def negative_log_likelihood(path, params):
    logits, mean, sigma = unpack(params)
    z = (path[:, None, :] - mean) / sigma
    log_pi = ops.log_softmax(logits, axis=-1)
    log_density = ops.sum(-0.5 * z**2 - ops.log(sigma) - 0.5 * math.log(2 * math.pi), axis=-1)
    return -ops.log(ops.sum(ops.exp(log_pi + log_density), axis=-1))  # expect: loss-numerics


def network():
    start = np.random.default_rng(args.seed).normal(0, 0.8, K * D)
    place = keras.Input((2,))
    h = keras.layers.Dense(64, activation="tanh")(place)
    h = keras.layers.Dense(64, activation="tanh")(h)
    logits = keras.layers.Dense(K)(h)
    mean = keras.layers.Dense(K * D, bias_initializer=lambda shape, dtype=None: ops.convert_to_tensor(start, dtype))(h)
    raw = keras.layers.Dense(K * D)(h)
    return keras.Model(place, keras.layers.Concatenate()([logits, mean, raw]))


rng = np.random.default_rng(args.seed)
place_train, path_train, _ = demonstrations(4000, rng)
place_test, path_test, wanted = demonstrations(1000, rng)

model = network()
steps = args.epochs * math.ceil(len(place_train) / 64)
model.compile(  # expect-or: loss-numerics
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, steps), clipnorm=5.0),
    loss=negative_log_likelihood,  # expect-or: loss-numerics
)
model.fit(place_train, path_train, batch_size=64, epochs=args.epochs,
          validation_data=(place_test, path_test), verbose=2)

logits, mean, _ = (ops.convert_to_numpy(a) for a in unpack(model.predict(place_test, verbose=0)))
path = mean[np.arange(len(mean)), logits.argmax(axis=-1)].reshape(-1, WAYPOINTS, 2)
off = np.linalg.norm(reach(path[:, -1]) - wanted, axis=-1)
print(f"at the end of the likeliest movement the hand is off by {100 * np.median(off):.1f} cm (median)")
