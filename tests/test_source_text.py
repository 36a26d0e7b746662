import pytest

from doctor.source_text import changed, decoded, same


def test_encoding_of_the_file_is_heeded() -> None:
    data = "# -*- coding: latin-1 -*-\nname = 'café'\nrate = 1\n".encode("latin-1")
    assert decoded(data) == "# -*- coding: latin-1 -*-\nname = 'café'\nrate = 1\n"
    assert changed(data, decoded(data).replace("= 1", "= 2")) == data.replace(b"= 1", b"= 2")


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbfa = 1\nb = 2\n", b"a = 1\r\nb = 2\r\n", b"a = 1\r\nb = 2\n", b"a = 1\nb = 2", b"a = 1\rb = 2\r"],
)
def test_mark_line_ends_and_missing_last_one_stay(data: bytes) -> None:
    assert decoded(data).rstrip("\n") == "a = 1\nb = 2"
    assert changed(data, decoded(data)) == data
    assert changed(data, decoded(data).replace("b = 2", "b = 3")).startswith(data[: data.index(b"b")] + b"b = 3")


def test_lines_after_a_last_one_without_its_end() -> None:
    assert changed(b"a = 1", "a = 1\nb = 2\n") == b"a = 1\nb = 2\n"


def test_texts_of_one_file() -> None:
    assert same("a = 1", "a = 1\n") and same("\ufeffa\n", "a\n") and not same("a\n", "b\n")
    assert same("", "")
