# %% [markdown]
# Anomalias em bombas hidráulicas com autoencoder (dados de 10 sensores)

# %%
import json
from pathlib import Path
import numpy as np
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import roc_auc_score, precision_score, recall_score
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Dense
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.utils import set_random_seed

pasta = Path(__file__).parent
cfg = json.loads((pasta / "config.json").read_text())
set_random_seed(cfg["semente"])
print(cfg)

# %% dados: 3 regimes latentes geram 10 leituras correlacionadas
gerador = np.random.default_rng(cfg["semente"])
n_sensores = 10
mistura = gerador.normal(size=(3, n_sensores))


def leituras(n):
    latente = gerador.normal(size=(n, 3))
    base = np.tanh(latente) @ mistura
    return 20 + 6 * base + gerador.normal(0, 0.6, size=(n, n_sensores))


normais_treino = leituras(1600)
normais_teste = leituras(500)

# falhas: sensores trocam valores entre bombas diferentes
falhas = leituras(120)
for j in range(0, n_sensores, 2):
    falhas[:, j] = gerador.permutation(falhas[:, j])

# %% normalização só com o treino
escala = StandardScaler()
treino = escala.fit_transform(normais_treino).astype("float32")
teste = escala.transform(np.vstack([normais_teste, falhas])).astype("float32")
rotulo = np.r_[np.zeros(len(normais_teste)), np.ones(len(falhas))]

# %% rede
at_oculta = cfg["ativacao_oculta"]
at_saida = cfg["ativacao_saida"]  # expect-or: output-activation

entrada = Input(shape=(n_sensores,))
codigo = Dense(24, activation=at_oculta)(entrada)
codigo = Dense(cfg["dim_codigo"], name="codigo")(codigo)
volta = Dense(24, activation=at_oculta)(codigo)
saida = Dense(n_sensores, activation=at_saida)(volta)  # expect: output-activation

auto = Model(entrada, saida)
auto.compile(optimizer=Adam(cfg["taxa"]), loss="mse")
auto.summary()

hist = auto.fit(
    treino, treino,
    epochs=cfg["epocas"],
    batch_size=cfg["lote"],
    validation_split=0.15,
    shuffle=True,
    verbose=0,
)
for ep in range(0, cfg["epocas"], 5):
    print(f"época {ep:3d}  perda {hist.history['loss'][ep]:.4f}  val {hist.history['val_loss'][ep]:.4f}")
print(f"final      perda {hist.history['loss'][-1]:.4f}  val {hist.history['val_loss'][-1]:.4f}")

# %% limiar = percentil 97 do erro no treino
erro_treino = ((auto.predict(treino, verbose=0) - treino) ** 2).mean(axis=1)
erro_teste = ((auto.predict(teste, verbose=0) - teste) ** 2).mean(axis=1)
limiar = np.percentile(erro_treino, 97)
alarme = erro_teste > limiar

print("limiar:", round(float(limiar), 4))
print("AUC       :", round(roc_auc_score(rotulo, erro_teste), 3))
print("precisão  :", round(precision_score(rotulo, alarme, zero_division=0), 3))
print("revocação :", round(recall_score(rotulo, alarme), 3))
