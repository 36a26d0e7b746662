import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

keras.utils.set_random_seed(0)

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)

sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)

train_ds = (tf.data.Dataset.from_tensor_slices((X_train, y_train))
            .shuffle(500)
            .batch(16))
test_ds = tf.data.Dataset.from_tensor_slices((X_test, y_test)).batch(16)


class TumourNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.d1 = keras.layers.Dense(16, activation="relu")
        self.d2 = keras.layers.Dense(8, activation="relu")
        self.out = keras.layers.Dense(1, activation="sigmoid")

    def call(self, inputs):
        h = self.d1(inputs)
        h = self.d2(h)
        return self.out(h)


model = TumourNet()
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.003),
    loss=keras.losses.BinaryCrossentropy(),
    metrics=[keras.metrics.Accuracy()],  # expect: metric-wrong
)
h = model.fit(train_ds, epochs=20, validation_data=test_ds, verbose=0)

for i in range(0, 20, 4):
    print("epoch %d: loss=%.4f acc=%.4f val_loss=%.4f val_acc=%.4f" % (
        i, h.history["loss"][i], h.history["accuracy"][i],
        h.history["val_loss"][i], h.history["val_accuracy"][i]))

loss, acc = model.evaluate(test_ds, verbose=0)
print("Test loss:", loss)
print("Test accuracy:", acc)
