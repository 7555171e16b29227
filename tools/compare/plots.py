"""Plots as SVG, by hand: points on a logarithmic scale, and lines over time."""

import html
import math

COLOURS = ("#0b6e4f", "#4fb286", "#9bc53d", "#345995", "#c8553d", "#e09f3e", "#777777")
FONT = 'font-family="system-ui, sans-serif" font-size="12" fill="#222"'


def label(value):
    """1k, 20k, 0.5."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def powers(low, high):
    """The powers of ten around both."""
    first = math.floor(math.log10(low))
    return [10.0 ** power for power in range(first, max(math.ceil(math.log10(high)), first + 1) + 1)]


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {FONT}>{html.escape(words)}</text>'


def stroke(x1, y1, x2, y2, colour="#ddd", width=1):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width}"/>')


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}">\n<rect width="{width}" height="{height}" fill="#fff"/>\n' +
            "\n".join(parts) + "\n</svg>\n")


def legend(colours, x, y, width):
    """Of names to colours, from there on; its parts, and where it ends."""
    parts = []
    at = x
    for name, colour in colours.items():
        needed = 24 + 7 * len(name)
        if at + needed > width:
            at, y = x, y + 18
        parts.append(f'<circle cx="{at + 5}" cy="{y - 4}" r="5" fill="{colour}"/>')
        parts.append(text(at + 14, y, name))
        at += needed
    return parts, y + 14


def points(title, rows, names, unit):
    """`rows`: label and {name: value or (from, to)}, of positive values, on a logarithmic scale.
    `names`: all that there are, which have the colours in turn."""
    ends = [end for _, values in rows for value in values.values()
            for end in (value if isinstance(value, tuple) else (value,))]
    if not ends:
        return svg(300, 40, [text(10, 24, f"{title}: nothing measured")])
    width, left, right, row_height = 860, 235, 30, 30
    parts, top = legend(dict(zip(names, COLOURS)), 10, 44, width)
    parts.insert(0, text(10, 20, f"{title}, {unit}; logarithmic"))
    ticks = powers(min(ends), max(ends))
    low, high = math.log10(ticks[0]), math.log10(ticks[-1])

    def x(value):
        return left + (math.log10(value) - low) / (high - low) * (width - left - right)

    bottom = top + row_height * len(rows)
    for tick in ticks:
        parts.append(stroke(x(tick), top, x(tick), bottom))
        parts.append(text(x(tick), bottom + 16, label(tick), "middle"))
    for number, (name, values) in enumerate(rows):
        middle = top + row_height * (number + 0.5)
        parts.append(stroke(left, middle, width - right, middle, "#eee"))
        parts.append(text(left - 8, middle + 4, name, "end"))
        for series, value in values.items():
            parts += mark(x, value, middle, names.index(series), len(names))
    return svg(width, bottom + 26, parts)


def mark(x, value, middle, number, count):
    colour = COLOURS[number]
    if not isinstance(value, tuple):
        return [f'<circle cx="{x(value):.1f}" cy="{middle:.1f}" r="5" fill="{colour}"/>']
    y = middle + (number - (count - 1) / 2) * min(6, 24 / count)
    return [stroke(x(value[0]), y, x(value[1]), y, colour, 3),
            f'<circle cx="{x(value[0]):.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>']


def lines(title, series, x_title, *, names=(), log_x=False):
    """`series`: name to pairs of x and y; y from zero. `names`: all that have colours in turn, where
    others are drawn elsewhere."""
    colours = dict(zip(names or series, COLOURS))
    pairs = [pair for values in series.values() for pair in values]
    if not pairs:
        return svg(300, 40, [text(10, 24, f"{title}: nothing measured")])
    width, height, left, right = 860, 320, 60, 30
    parts, top = legend({name: colours[name] for name in series}, 10, 44, width)
    parts.insert(0, text(10, 20, title))
    bottom = height - 40
    scale = math.log10 if log_x else float
    first, last = (scale(choose(x for x, _ in pairs)) for choose in (min, max))
    highest = round_up(max(y for _, y in pairs))

    def place(x, y):
        share = (scale(x) - first) / ((last - first) or 1)
        return left + share * (width - left - right), bottom - y / highest * (bottom - top)

    for step in range(5):
        y = highest * step / 4
        parts.append(stroke(left, place(pairs[0][0], y)[1], width - right, place(pairs[0][0], y)[1]))
        parts.append(text(left - 6, place(pairs[0][0], y)[1] + 4, label(y), "end"))
    for x in x_ticks([x for x, _ in pairs], log_x):
        parts.append(text(place(x, 0)[0], bottom + 16, label(x), "middle"))
    parts.append(text((left + width - right) / 2, bottom + 34, x_title, "middle"))
    for name, values in series.items():
        colour = colours[name]
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in values)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(values) <= 10:
            parts += ['<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="{}"/>'.format(*place(x, y), colour)
                      for x, y in values]
    return svg(width, height, parts)


def x_ticks(values, log_x):
    if log_x:
        return sorted(set(values))
    return [round(min(values) + (max(values) - min(values)) * step / 5) for step in range(6)]


def round_up(value):
    """To a figure that quarters are easy to read of."""
    power = 10 ** math.floor(math.log10(value or 1))
    return next(power * step for step in (1, 2, 4, 6, 8, 10) if power * step >= value)
