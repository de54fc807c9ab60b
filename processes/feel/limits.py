"""Bounds of one expression, so that a hostile one is answered at once instead of worked out."""

from typing import Final

TEXT_CHARACTERS: Final = 10_000  # of one expression as written
WORDS: Final = 3_000  # of one expression: names, numbers, signs
NESTING: Final = 100  # brackets and operators inside each other, as written
ITERATIONS: Final = 10  # variables of one `for`, `some` or `every`
EVALUATION_DEPTH: Final = 150  # the same, added up over functions that call each other
STEPS: Final = 100_000  # nodes visited, list elements touched, pattern steps taken
STRING_CHARACTERS: Final = 50_000  # of one string value
STEPS_PER_COMPOUND: Final = 8  # comparing two lists or contexts, besides their elements
STEPS_PER_WRITTEN: Final = 3  # writing one value as text
STEPS_PER_ZONE: Final = 100  # looking a time zone up by name
LOCALS_PER_STEP: Final = 16  # local values carried into the next round of a loop
CHARACTERS_PER_STEP: Final = 64  # a function that reads a string pays one step for so many
DIGITS: Final = 34  # of a number: the decimal128 of the DMN standard
VALUE_DEPTH: Final = 64  # lists and contexts inside each other, in data and results
PATTERN_CHARACTERS: Final = 500  # of one regular expression
PATTERN_STATES: Final = 2_000  # of one regular expression, repetitions written out
