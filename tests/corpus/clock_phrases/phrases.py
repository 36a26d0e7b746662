"""Spoken times of day and their 24-hour spelling."""
import numpy as np

UNITS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen "
         "fourteen fifteen sixteen seventeen eighteen nineteen").split()
TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty"}
WORDS = ["<pad>", "past", "to", "am", "pm", "oclock"] + UNITS + list(TENS.values())
W2I = {w: i for i, w in enumerate(WORDS)}
CHARS = "<0123456789:"          # "<" starts an output
SRC_LEN, TGT_LEN = 5, 5


def spell(n):
    if n < 20:
        return [UNITS[n]]
    return [TENS[n // 10]] + ([UNITS[n % 10]] if n % 10 else [])


def all_phrases():
    src, tgt = [], []
    for hour in range(24):
        half = "am" if hour < 12 else "pm"
        name = spell(hour % 12 or 12)
        for minute in range(60):
            forms = [name + (spell(minute) if minute else ["oclock"]) + [half]]
            if 0 < minute <= 30:
                forms.append(spell(minute) + ["past"] + name + [half])
            for words in forms:
                ids = [W2I[w] for w in words]
                src.append(ids + [0] * (SRC_LEN - len(ids)))
                tgt.append([CHARS.index(c) for c in "%02d:%02d" % (hour, minute)])
    return np.array(src, "int32"), np.array(tgt, "int32")
