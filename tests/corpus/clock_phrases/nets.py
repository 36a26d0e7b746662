import keras
from keras import layers
from phrases import CHARS, WORDS


class Translator(keras.Model):
    def __init__(self, width):
        super().__init__()
        self.src_emb = layers.Embedding(len(WORDS), 24, mask_zero=True)
        self.tgt_emb = layers.Embedding(len(CHARS), 16)
        self.enc = layers.GRU(width)
        self.dec = layers.GRU(width, return_sequences=True, return_state=True)
        self.mix = layers.Dense(width, activation="relu")
        self.chars = layers.Dense(len(CHARS), activation="softmax")  # expect-or: loss-logits

    def encode(self, src):
        return self.enc(self.src_emb(src))

    def decode(self, prev, state):
        h, state = self.dec(self.tgt_emb(prev), initial_state=state)
        return self.chars(self.mix(h)), state

    def call(self, inputs):
        src, prev = inputs
        return self.decode(prev, self.encode(src))[0]
