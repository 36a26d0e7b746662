"""Words to numbers, for the message sorter."""
import numpy as np

PAD, UNKNOWN = 0, 1


class Encoder:
    def __init__(self, texts, size, width):
        counts = {}
        for text in texts:
            for word in text.split():
                counts[word] = counts.get(word, 0) + 1
        words = sorted(counts, key=counts.get, reverse=True)[: size - 2]
        self.index = {word: i + 2 for i, word in enumerate(words)}
        self.width = width

    def __call__(self, texts):
        out = np.full((len(texts), 4 * self.width), PAD, dtype="int32")
        for row, text in zip(out, texts):
            ids = [self.index.get(word, UNKNOWN) for word in text.split()][: len(row)]
            row[: len(ids)] = ids
        return out[:, -self.width :]  # expect: degenerate-feature
