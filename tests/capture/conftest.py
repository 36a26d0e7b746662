"""Lets pytest explain the asserts of the helpers too."""

import pytest

pytest.register_assert_rewrite("launching")
