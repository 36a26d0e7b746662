"""Small building blocks shared by the lab's scripts."""
from keras import Input, Model, layers


def perceptron(n_in, hidden, n_out, act="relu", last=None, name="perceptron"):
    x = inp = Input((n_in,), name="state")
    for i, width in enumerate(hidden):
        x = layers.Dense(width, activation=act, kernel_initializer="he_normal", name=f"h{i}")(x)
    return Model(inp, layers.Dense(n_out, activation=last, name="out")(x), name=name)
