# Market basket: compress the spend of a household over 24 product groups into 4 factors
# (compare with the subspace that PCA finds)
import numpy as np
import keras
from keras import layers
from sklearn.decomposition import PCA

keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)

GROUPS, FACTORS, HOUSEHOLDS = 24, 4, 2500
taste = rng.normal(size=(HOUSEHOLDS, FACTORS)) * np.array([3.0, 2.0, 1.5, 1.0])
loading = rng.normal(size=(FACTORS, GROUPS))
spend = 40 + taste @ loading + rng.normal(0, 0.5, (HOUSEHOLDS, GROUPS))

train, test = spend[:2000], spend[2000:]
mean = train.mean(axis=0)
scale = train.std()
train = ((train - mean) / scale).astype("float32")
test = ((test - mean) / scale).astype("float32")

inp = keras.Input((GROUPS,))
hidden = layers.Dense(12, use_bias=False)(inp)
code = layers.Dense(FACTORS, use_bias=False, name="factors")(hidden)
hidden = layers.Dense(12, use_bias=False)(code)
out = layers.Dense(GROUPS, use_bias=False)(hidden)

model = keras.Model(inp, out)
model.compile(keras.optimizers.Adam(5e-3), loss="mse")
hist = model.fit(train, train, validation_data=(test, test), epochs=15, batch_size=50, verbose=2)

pca = PCA(FACTORS).fit(train)
pca_mse = np.mean((pca.inverse_transform(pca.transform(test)) - test) ** 2)
net_mse = hist.history["val_loss"][-1]
print(f"variance of the test data  {test.var():.4f}")
print(f"PCA reconstruction mse     {pca_mse:.4f}")
print(f"network reconstruction mse {net_mse:.4f}")
print(f"explained variance         {1 - net_mse / test.var():.3f}")

factors = keras.Model(inp, code).predict(test, verbose=0)
print("factor std:", factors.std(axis=0).round(2))
