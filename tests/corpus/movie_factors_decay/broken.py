'''Matrix factorisation for film ratings (users x films), biases + dot product.'''
import os, argparse
from configparser import ConfigParser
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, regularizers, Model, Input

here = os.path.dirname(os.path.abspath(__file__))

parser = argparse.ArgumentParser()
parser.add_argument('--ini', default=os.path.join(here, 'factors.ini'))
parser.add_argument('--users', type=int, default=220)
parser.add_argument('--films', type=int, default=140)


def make_ratings(n_users, n_films, n, rng):
    """Taste vectors of rank 3, whole ratings clipped to half stars 0.5..5."""
    taste = rng.normal(0, 1, (n_users, 3))
    style = rng.normal(0, 1, (n_films, 3))
    ub = rng.normal(0, 0.35, n_users)
    fb = rng.normal(0, 0.45, n_films)
    pairs = rng.choice(n_users * n_films, size=n, replace=False)
    u, f = pairs // n_films, pairs % n_films
    r = 3.2 + ub[u] + fb[f] + 0.5 * (taste[u] * style[f]).sum(1) + rng.normal(0, 0.2, n)
    return u.astype('int32'), f.astype('int32'), np.clip(np.round(r * 2) / 2, 0.5, 5.0).astype('float32')


def factor_model(n_users, n_films, rank, l2, mean):
    user = Input((), dtype='int32', name='user')
    film = Input((), dtype='int32', name='film')
    reg = regularizers.L2(l2)  # expect: regularisation-too-strong
    small = tf.keras.initializers.RandomNormal(stddev=0.1)
    pu = layers.Embedding(n_users, rank, embeddings_initializer=small, embeddings_regularizer=reg, name='taste')(user)
    qf = layers.Embedding(n_films, rank, embeddings_initializer=small, embeddings_regularizer=reg, name='style')(film)
    bu = layers.Flatten()(layers.Embedding(n_users, 1, embeddings_initializer='zeros', embeddings_regularizer=reg)(user))
    bf = layers.Flatten()(layers.Embedding(n_films, 1, embeddings_initializer='zeros', embeddings_regularizer=reg)(film))
    score = layers.Add()([layers.Dot(axes=-1)([pu, qf]), bu, bf])
    stars = layers.Rescaling(1.0, offset=mean, name='stars')(score)
    return Model(inputs=[user, film], outputs=stars)


if __name__ == '__main__':
    args = parser.parse_args()
    ini = ConfigParser()
    ini.read(args.ini)
    mf = ini['factorisation']

    tf.keras.utils.set_random_seed(mf.getint('seed'))
    rng = np.random.default_rng(mf.getint('seed'))
    u, f, r = make_ratings(args.users, args.films, 15000, rng)
    cut = 12500
    mean = float(r[:cut].mean())
    print('ratings', len(r), 'mean %.3f' % mean, 'std %.3f' % r.std())

    model = factor_model(args.users, args.films, mf.getint('rank'), mf.getfloat('l2'), mean)  # expect-or: regularisation-too-strong
    model.compile(optimizer=tf.keras.optimizers.Adam(mf.getfloat('rate')), loss='mse',
                  metrics=[tf.keras.metrics.RootMeanSquaredError(name='rmse')])
    model.fit({'user': u[:cut], 'film': f[:cut]}, r[:cut, None],
              validation_data=({'user': u[cut:], 'film': f[cut:]}, r[cut:, None]),
              batch_size=256, epochs=mf.getint('epochs'), verbose=2)

    p = model.predict({'user': u[cut:], 'film': f[cut:]}, verbose=0).ravel()
    print('held-out RMSE %.3f, always the mean %.3f' % (np.sqrt(np.mean((p - r[cut:]) ** 2)), r[cut:].std()))
    print('five guesses', np.round(p[:5], 2), 'true', r[cut:cut + 5])
