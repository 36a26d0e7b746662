"""Train the hazard network on the simulated cohort and report Harrell's C."""
import argparse

import numpy as np
import tensorflow as tf

import cohort
from hazard_2 import HazardNet, concordance, cox_objective


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--patients", type=int, default=1600)
    p.add_argument("--batch", type=int, default=200)
    p.add_argument("--epochs", type=int, default=25)
    p.add_argument("--lr", type=float, default=2e-3)
    return p.parse_args()


def main():
    a = parse()
    tf.keras.utils.set_random_seed(99)
    rng = np.random.default_rng(99)
    z, time, event = cohort.draw(a.patients, seed=1)
    z_new, time_new, event_new = cohort.by_descending_time(*cohort.draw(200, seed=2))
    print(f"{a.patients} patients, {event.mean():.0%} with an event, median follow-up {np.median(time):.1f} months")

    net = HazardNet([16, 16])
    opt = tf.keras.optimizers.AdamW(a.lr, weight_decay=1e-3)

    @tf.function
    def update(zb, eb):
        with tf.GradientTape() as tape:
            loss = cox_objective(net(zb), eb)
        grads = tape.gradient(loss, net.trainable_variables)
        opt.apply_gradients(zip(grads, net.trainable_variables))
        return loss

    for epoch in range(1, a.epochs + 1):
        losses = [float(update(zb, eb)) for zb, _, eb in cohort.minibatches(z, time, event, a.batch, rng)]
        if epoch % 5 == 0 or epoch == 1:
            c_train = concordance(net(z).numpy(), time, event)
            c_new = concordance(net(z_new).numpy(), time_new, event_new)
            held = float(cox_objective(net(z_new), event_new))
            print(f"epoch {epoch:2d}  objective {np.mean(losses):9.4f}  new patients {held:9.4f}  "
                  f"C {c_train:.3f}  C new {c_new:.3f}")


if __name__ == "__main__":
    main()
