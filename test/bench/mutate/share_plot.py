# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plot of shares against counts on a logarithmic axis, as SVG."""

import math

from svg import COLOURS, document, line, text

WIDTH, HEIGHT, LEFT, TOP = 360, 240, 60, 40


def plot(panels, decades):
    """panels: [(title, [(name, [(count, share)])])], shares in 0..1."""
    legend = [name for name, _ in panels[0][1]]
    height = TOP + HEIGHT + 60 + 18 * len(legend)
    width = len(panels) * (LEFT + WIDTH) + 20
    parts = []
    for i, (title, curves) in enumerate(panels):
        parts += panel(LEFT + i * (LEFT + WIDTH), title, curves, decades)
    for i, name in enumerate(legend):
        y = TOP + HEIGHT + 60 + 18 * i
        parts += [line(LEFT, y - 4, LEFT + 24, y - 4, COLOURS[i], 2),
                  text(LEFT + 30, y, name)]
    return document(width, height, parts)


def panel(left, title, curves, decades):
    parts = [text(left + WIDTH / 2, TOP - 14, title, "middle"),
             text(left + WIDTH / 2, TOP + HEIGHT + 34,
                  "executions of the site in the run", "middle")]
    for decade in range(decades + 1):
        x = left + WIDTH * decade / decades
        parts += [line(x, TOP, x, TOP + HEIGHT, "#dddddd"),
                  text(x, TOP + HEIGHT + 16, "10" + "⁰¹²³⁴⁵⁶⁷⁸⁹"[decade], "middle")]
    for percent in range(0, 101, 25):
        y = TOP + HEIGHT * (1 - percent / 100)
        parts += [line(left, y, left + WIDTH, y, "#dddddd"),
                  text(left - 6, y + 4, f"{percent} %", "end")]
    for (_, points), colour in zip(curves, COLOURS):
        at = [(left + WIDTH * math.log10(count) / decades,
               TOP + HEIGHT * (1 - share)) for count, share in points]
        parts.append('<polyline fill="none" stroke-width="2" '
                     f'stroke="{colour}" points="'
                     + " ".join(f"{x:.1f},{y:.1f}" for x, y in at) + '"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                  for x, y in at]
    return parts
