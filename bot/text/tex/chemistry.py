r"""Formulas of chemistry and quantities with units: `\ce{H2O}`, `\SI{5}{\micro\meter}`."""

from __future__ import annotations

import re
from typing import Final

from bot.text.tex.scripts import script
from bot.text.tex.symbols import symbol

_PREFIXES: Final = {
    "femto": "f", "pico": "p", "nano": "n", "micro": "μ", "milli": "m", "centi": "c", "deci": "d",
    "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E",
}  # fmt: skip
_UNITS: Final = {
    "meter": "m", "metre": "m", "gram": "g", "kilogram": "kg", "second": "s", "ampere": "A",
    "kelvin": "K", "mole": "mol", "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa",
    "joule": "J", "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω", "tesla": "T",
    "weber": "Wb", "henry": "H", "lumen": "lm", "lux": "lx", "electronvolt": "eV", "degree": "°",
    "celsius": "°C", "degreeCelsius": "°C", "percent": "%", "hour": "h", "minute": "min",
    "day": "d", "litre": "l", "liter": "L", "angstrom": "Å", "decibel": "dB", "barn": "b",
    "bar": "bar", "arcminute": "′", "arcsecond": "″", "um": "μm", "nm": "nm", "mm": "mm",
    "cm": "cm", "km": "km", "GHz": "GHz", "MHz": "MHz", "kHz": "kHz", "Hz": "Hz", "K": "K",
    "mK": "mK", "eV": "eV", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV",
    "dalton": "Da",
    "byte": "B", "bit": "bit", "parsec": "pc", "radian": "rad", "tonne": "t",
    "astronomicalunit": "au",
}  # fmt: skip
_POWERS: Final = {"squared": "²", "cubed": "³"}
_ROMAN: Final = {"i": "I", "v": "V", "x": "X"}


def chemical(tex: str) -> str:
    r"""What `\ce{…}` says: numbers after an element are lowered, charges raised."""
    text = re.sub(r"\^\{([^{}]*)\}|\^([0-9]*[+-])", lambda m: script("^", m[1] or m[2])[0], tex)
    text = re.sub(r"_\{([^{}]*)\}|_(\w)", lambda m: script("_", m[1] or m[2])[0], text)
    text = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: script("_", m[0])[0], text)
    text = text.replace("<=>", "⇌").replace("->", "→").replace("<-", "←")
    return re.sub(r"[{}$]", "", text).strip()


def quantity(value: str, unit: str) -> str:
    """A value and its unit, one of which may be empty."""
    said = ""
    for name, text in re.findall(r"\\([A-Za-z]+)\s*(?:\{\})?|([^\\]+)", unit):
        if not name:
            said += text.replace(".", " ").replace("~", " ").replace("{", "").replace("}", "")
        elif name == "per":
            said += "/"
        elif name in _POWERS:
            said += _POWERS[name]
        elif name in _PREFIXES:
            said += ("" if said[-1:] in ("", "/") else " ") + _PREFIXES[name] + "\ue001"
        else:
            joined = said[-1:] in ("", "/", "\ue001")
            said += ("" if joined else " ") + (_UNITS.get(name) or symbol(name) or name)
    said = said.replace("\ue001", "").strip()
    tight = said.startswith(("°", "′", "″", "%")) and said != "°C"
    return f"{value}{'' if tight or not value or not said else ' '}{said}"


def roman(stage: str) -> str:
    r"""The stage of ionization of `\ion{Fe}{ii}`: II."""
    return stage.upper() if stage and set(stage.lower()) <= _ROMAN.keys() else stage
