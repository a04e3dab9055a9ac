"""What a candidate wrote is shown, never obeyed."""

import sys
import unicodedata

from harness.model.text import clean, one_line


def test_plain_text_with_accents_newlines_and_emoji_is_unchanged() -> None:
    text = "naïve Bayes\n\tΔAUC = 0.03 ✅ \N{FAMILY}"
    assert clean(text) == text


def test_terminal_commands_become_visible_escapes() -> None:
    assert clean("\x1b]0;owned\x07\x9b31m\r\x00") == "\\x1b]0;owned\\x07\\x9b31m\\x0d\\x00"


def test_reordering_and_hidden_characters_become_visible_escapes() -> None:
    assert clean("a\u202eb\u2028c\u200bd\ufeff\U000e0041") == "a\\u202eb\\u2028c\\u200bd\\ufeff\\U000e0041"


def test_lone_surrogates_no_longer_crash_a_utf8_write() -> None:
    cleaned = clean("x\ud800y")
    assert cleaned == "x\\ud800y"
    assert cleaned.encode("utf-8")


def test_bytes_that_are_not_utf8_are_shown_as_escapes() -> None:
    assert clean(b"\xff\xfename") == "\\xff\\xfename"


def test_no_character_of_an_invisible_category_passes() -> None:
    """Every control, format, surrogate and separator character of this Python's Unicode, but newline and tab."""
    invisible = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    passed = [
        f"{code:x}"
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in invisible and chr(code) not in "\n\t" and clean(chr(code)) == chr(code)
    ]
    assert passed == []


def test_long_text_is_cut_and_the_rest_counted() -> None:
    assert clean("a" * 1000, limit=10) == "a" * 10 + "… 990 more"


def test_escapes_cannot_push_the_text_over_its_limit() -> None:
    cleaned = clean("\u202e" * 1000, limit=60)
    assert cleaned == "\\u202e" * 10 + "… 990 more"


def test_one_line_has_no_line_breaks_and_single_spaces() -> None:
    assert one_line("  a\r\n\n  b\t c ") == "a b c"
    assert one_line("\n" * 1_000_000 + "end", limit=5) == "end"
