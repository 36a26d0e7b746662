from doctor.repairs.optimiser.paths import ChosenByPath
from tests.repairs.helpers import case, changed, repaired


def test_variables_are_chosen_by_their_path() -> None:
    source = 'enc = [v for v in model.trainable_variables if v.name.startswith("encoder")]\n'
    assert changed(ChosenByPath(), case(source, "update-missing", "enc")) == [
        'enc = [v for v in model.trainable_variables if v.path.startswith("encoder")]'
    ]


def test_names_of_layers_are_left_alone() -> None:
    source = 'enc = [l for l in model.layers if l.name.startswith("encoder")]\n'
    assert repaired(ChosenByPath(), case(source, "update-missing", "enc")) == []
