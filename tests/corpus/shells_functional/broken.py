from keras import Input, Model, layers, optimizers, utils
from sklearn.datasets import make_gaussian_quantiles
from sklearn.model_selection import train_test_split

utils.set_random_seed(77)

features, shell = make_gaussian_quantiles(
    n_samples=3000, n_features=5, n_classes=3, random_state=77)
f_train, f_test, s_train, s_test = train_test_split(
    features.astype("float32"), shell, test_size=0.2, random_state=77)


def backbone(inputs, widths, act="swish"):
    x = inputs
    for i, w in enumerate(widths):
        h = layers.Dense(w, name=f"fc{i}")(x)
        h = layers.BatchNormalization(momentum=0.9, name=f"bn{i}")(h)
        a = layers.Activation(act, name=f"act{i}")(h)
        x = h  # expect: no-nonlinearity
    return x


inputs = Input((features.shape[1],))
x = backbone(inputs, [64, 64, 32])
outputs = layers.Dense(3, activation="softmax", name="shell")(x)
net = Model(inputs, outputs)
net.compile(
    optimizer=optimizers.Adam(3e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(f_train, s_train, validation_split=0.1, epochs=20, batch_size=64, verbose=2)
print("test loss / acc:", net.evaluate(f_test, s_test, verbose=0))
