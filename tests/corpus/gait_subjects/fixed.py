"""Activity recognition from a wrist accelerometer. Ported from PyTorch, with its habits."""
import keras
import numpy as np
import tensorflow as tf

ACTIVITIES = ["rest", "stroll", "walk", "stairs", "run"]
EPOCHS, BATCH, LR, SEED = 12, 64, 2e-3, 19


# --- data ------------------------------------------------------------------------------------
def recording(activity, windows, rng):
    """Windows of 64 samples x 3 axes; one subject doing one thing."""
    amplitude = [0.08, 0.35, 0.6, 0.75, 1.4][activity] * rng.lognormal(0, 0.1)
    pace = [0.6, 1.6, 2.0, 1.7, 2.7][activity] * rng.normal(1, 0.05)
    axes = np.array([1.0, 0.5, 0.35 + 0.4 * (activity == 3)]) * rng.lognormal(0, 0.15, 3)
    t = np.arange(64) / 25.0
    phase = rng.uniform(0, 2 * np.pi, (windows, 1, 1))
    wave = np.sin(2 * np.pi * pace * t[None, :, None] + phase + np.array([0, 0.7, 1.4]))
    wave += 0.4 * np.sin(4 * np.pi * pace * t[None, :, None] + 2 * phase)
    return (amplitude * axes * wave + rng.normal(0, 0.1, (windows, 64, 3))).astype("float32")


def subjects(count, rng):
    out = []
    for s in range(count):
        a = s % len(ACTIVITIES)
        out.append((recording(a, 40, rng), np.full(40, a, "int32")))
    return out


# --- a little of torch.nn -------------------------------------------------------------------
class Module(tf.Module):
    training = True

    def train(self, mode=True):
        self.training = mode
        for m in self.submodules:
            if isinstance(m, Module):
                m.training = mode
        return self

    def eval(self):
        return self.train(False)


class ConvBN(Module):
    def __init__(self, cin, cout, k, stride):
        super().__init__()
        self.conv = keras.layers.Conv1D(cout, k, strides=stride, padding="same", use_bias=False)
        self.bn = keras.layers.BatchNormalization(momentum=0.9)
        self.conv.build((None, None, cin))
        self.bn.build((None, None, cout))

    def __call__(self, x):
        return tf.nn.relu(self.bn(self.conv(x), training=self.training))


class Net(Module):
    def __init__(self):
        super().__init__()
        self.block1 = ConvBN(3, 16, 7, 2)
        self.block2 = ConvBN(16, 32, 5, 2)
        self.drop = keras.layers.Dropout(0.2)
        self.fc = keras.layers.Dense(len(ACTIVITIES))
        self.fc.build((None, 32))

    def parameters(self):
        return [v for layer in (self.block1.conv, self.block1.bn, self.block2.conv, self.block2.bn, self.fc)
                for v in layer.trainable_variables]

    def __call__(self, x):
        x = self.block2(self.block1(x))
        x = tf.reduce_mean(x, axis=1)
        return self.fc(self.drop(x, training=self.training))


# --- train / validate ---------------------------------------------------------------------------
def train_epoch(net, loader, step):
    net.train()
    return float(np.mean([step(x, y) for x, y in loader]))


def validate(net, people):
    """Accuracy over all the windows of unseen people, who come one after the other."""
    net.eval()
    hits = []
    for x, y in people:
        scores = net(x)
        hits.extend(np.argmax(scores, axis=-1) == y)
    return float(np.mean(hits))


def main():
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    known, unseen = subjects(60, rng), subjects(25, rng)
    x, y = (np.concatenate(a) for a in zip(*known))
    loader = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(BATCH, drop_remainder=True)

    net = Net()
    optimizer = keras.optimizers.Adam(LR)
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(xb, yb):
        with tf.GradientTape() as tape:
            loss = criterion(yb, net(xb))
        optimizer.apply_gradients(zip(tape.gradient(loss, net.parameters()), net.parameters()))
        return loss

    for epoch in range(EPOCHS):
        optimizer.learning_rate = LR * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        loss = train_epoch(net, loader, step)
        accuracy = validate(net, unseen)
        print(f"[{epoch + 1}/{EPOCHS}] train loss {loss:.4f}  unseen people {accuracy:.3f}")


if __name__ == "__main__":
    main()
