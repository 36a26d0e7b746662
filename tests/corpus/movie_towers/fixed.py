import argparse
import logging

import numpy as np
from tensorflow import keras

from data import as_dataset, make_ratings, split
from model_fixed import TwoTower

logger = logging.getLogger("two_tower")


def parse():
    p = argparse.ArgumentParser(description="two-tower rating model")
    p.add_argument("--dim", type=int, default=6)
    p.add_argument("--l2", type=float, default=2e-2)
    p.add_argument("--epochs", type=int, default=20)
    p.add_argument("--batch", type=int, default=512)
    p.add_argument("--lr", type=float, default=1e-2)
    p.add_argument("--seed", type=int, default=3)
    return p.parse_args()


def top_k_report(model, test, k=5):
    """Of the k items ranked highest per user in the test ratings, how many were liked (>= 4)?"""
    pred = model.predict({"user": test.user, "item": test.item, "genre": test.genre}, batch_size=4096, verbose=0)
    hits = []
    for u in np.unique(test.user):
        mine = np.flatnonzero(test.user == u)
        if len(mine) >= 2 * k:
            top = mine[np.argsort(-pred[mine])[:k]]
            hits.append((test.stars[top] >= 4.0).mean())
    return float(np.mean(hits)) if hits else float("nan")


def main():
    args = parse()
    logging.basicConfig(level=logging.INFO, format="[%(name)s] %(message)s")
    keras.utils.set_random_seed(args.seed)

    ratings = make_ratings(seed=args.seed)
    train, val, test = split(ratings, seed=args.seed)
    logger.info("ratings: %d train, %d val, %d test", len(train.stars), len(val.stars), len(test.stars))
    baseline = float(np.sqrt(np.mean((test.stars - train.stars.mean()) ** 2)))

    model = TwoTower(
        n_users=int(ratings.user.max()) + 1,
        n_items=int(ratings.item.max()) + 1,
        dim=args.dim,
        l2=args.l2,
        mean_rating=float(train.stars.mean()),
    )
    steps = int(np.ceil(len(train.stars) / args.batch))
    model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(args.lr, args.epochs * steps, alpha=0.05)))
    history = model.fit(
        as_dataset(train, args.batch, train=True, seed=args.seed),
        validation_data=as_dataset(val, 4096),
        epochs=args.epochs,
        verbose=0,
    ).history
    for e in range(0, args.epochs, 4):
        logger.info("epoch %2d rmse %.3f val_rmse %.3f", e + 1, history["rmse"][e], history["val_rmse"][e])
    logger.info("last     rmse %.3f val_rmse %.3f", history["rmse"][-1], history["val_rmse"][-1])

    result = model.evaluate(as_dataset(test, 4096), return_dict=True, verbose=0)
    logger.info("test rmse %.3f (global mean: %.3f), liked in top 5: %.2f", result["rmse"], baseline, top_k_report(model, test))


if __name__ == "__main__":
    main()
