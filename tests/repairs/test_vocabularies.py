from doctor.repairs.data.vocabularies import TurnedVocabulary
from tests.repairs.helpers import case, changed, refused

FAULT, RULE = "degenerate-feature", "unknown-tokens"
LOOKUP = "ids = [[vocab.get(word, 1) for word in text.split()] for text in texts]\n"


def test_dictionary_is_turned_round() -> None:
    given = case(f"vocab = json.load(open('v.json'))\n{LOOKUP}", FAULT, "ids", rule=RULE)
    assert changed(TurnedVocabulary(), given) == [
        "vocab = {word: int(number) for number, word in (json.load(open('v.json'))).items()}"
    ]


def test_words_are_written_small() -> None:
    given = case(f"vocab = {{w: n for n, w in enumerate(words)}}\n{LOOKUP}", FAULT, "ids", rule=RULE)
    assert changed(TurnedVocabulary(), given) == [LOOKUP.strip().replace("get(word,", "get(word.lower(),")]


def test_nothing_is_looked_up() -> None:
    assert refused(TurnedVocabulary(), case("ids = encoder(texts)\n", FAULT, "ids", rule=RULE))
