# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plots of Figures: curves over an x axis, and bars around 1."""

import math
from collections import defaultdict

from figures import number
from svg import COLOURS, document, line, text

WIDTH, HEIGHT, LEFT, TOP = 420, 220, 70, 40
BAR, GAP, NAMES = 9, 12, 130


def ticks(low, high):
    """Powers of ten around the range."""
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


def curves(figures, title, unit, axis):
    """Medians over x, both logarithmic, a curve for each name."""
    series = defaultdict(list)
    for f in figures:
        series[f.name].append((max(f.x, 1), f.median, f.values))
    points = [p for s in series.values() for p in s]
    across = ticks(min(x for x, _, _ in points), max(x for x, _, _ in points))
    up = ticks(min(min(v) for _, _, v in points), max(max(v) for _, _, v in points))
    if len(up) < 2:
        up = range(up[0], up[0] + 2)

    def place(x, y):
        return (LEFT + WIDTH * (math.log10(x) - across[0]) / (across[-1] - across[0]),
                TOP + HEIGHT * (1 - (math.log10(y) - up[0]) / (up[-1] - up[0])))

    parts = [text(LEFT + WIDTH / 2, TOP - 14, title, "middle"),
             text(LEFT + WIDTH / 2, TOP + HEIGHT + 34, axis, "middle")]
    for decade in across:
        x, _ = place(10 ** decade, 10 ** up[0])
        parts += [line(x, TOP, x, TOP + HEIGHT, "#dddddd"),
                  text(x, TOP + HEIGHT + 16, number(10 ** decade), "middle")]
    for decade in up:
        _, y = place(10 ** across[0], 10 ** decade)
        parts += [line(LEFT, y, LEFT + WIDTH, y, "#dddddd"),
                  text(LEFT - 6, y + 4, f"{10 ** decade:g} {unit}", "end")]
    for (name, row), colour, i in zip(series.items(), COLOURS, range(len(series))):
        at = [place(x, y) for x, y, _ in sorted(row)]
        parts += [line(*a, *b, colour, 2) for a, b in zip(at, at[1:])]
        # From the least to the most.
        parts += [line(*place(x, min(v)), *place(x, max(v)), colour) for x, _, v in row]
        y = TOP + HEIGHT + 60 + 18 * i
        parts += [line(LEFT, y - 4, LEFT + 24, y - 4, colour, 2), text(LEFT + 30, y, name)]
    return document(LEFT + WIDTH + 20, TOP + HEIGHT + 60 + 18 * len(series), parts)


def bars(figures, title):
    """Ratios around 1, by name, a bar for each arm; thin lines from least to most."""
    names = list(dict.fromkeys(f.name for f in figures))
    arms = list(dict.fromkeys(f.arm for f in figures))
    low = min([0.98] + [f.median for f in figures])
    high = max([1.02] + [f.median for f in figures])

    def place(ratio):
        return NAMES + WIDTH * (min(max(ratio, low), high) - low) / (high - low)

    parts = [text(NAMES + WIDTH / 2, 20, title, "middle")]
    y = TOP
    for name in names:
        parts.append(text(NAMES - 8, y + BAR, name, "end"))
        for f in (f for f in figures if f.name == name):
            colour = COLOURS[arms.index(f.arm) % len(COLOURS)]
            parts += [line(place(1), y + BAR / 2, place(f.median), y + BAR / 2, colour,
                           BAR - 2),
                      line(place(min(f.values)), y + BAR / 2, place(max(f.values)),
                           y + BAR / 2, "#444444"),
                      text(NAMES + WIDTH + 8, y + BAR, number(f.median))]
            y += BAR + 3
        y += GAP
    parts.insert(0, line(place(1), TOP - 6, place(1), y - GAP, "#444444"))
    for i, arm in enumerate(arms):
        parts += [line(NAMES, y + 14, NAMES + 24, y + 14, COLOURS[i % len(COLOURS)], 7),
                  text(NAMES + 30, y + 18, arm or "HeapFence : plain")]
        y += 18
    return document(NAMES + WIDTH + 70, y + 20, parts)
