# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The elements that plots are made of, as SVG."""

from xml.sax.saxutils import escape

COLOURS = ["#c0392b", "#e59866", "#1f618d", "#7fb3d5", "#999999", "#6c3483", "#148f77",
           "#b7950b", "#2e4053", "#d98880"]


def document(width, height, parts):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
                      f'height="{height}" font-family="sans-serif" font-size="12">',
                      f'<rect width="{width}" height="{height}" fill="white"/>',
                      *parts, "</svg>", ""])


def line(x1, y1, x2, y2, colour, width=1):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>')


def text(x, y, words, anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f'{escape(words)}</text>')
