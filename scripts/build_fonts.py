# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools>=4.60"]
# ///
"""Make the fonts of printed documents from the released Inter and JetBrains Mono.

ReportLab embeds TrueType outlines, does not apply OpenType features, and reads every glyph of a file when
it loads it. So the files are cut to the scripts we print (Latin, Greek, Cyrillic, symbols), and the figures
of Inter are replaced by its own figures of equal width, so that money stands in columns.

Both fonts are under the SIL Open Font License 1.1 without a reserved font name.

    npm pack @expo-google-fonts/inter @expo-google-fonts/jetbrains-mono   # and unpack both
    python scripts/build_fonts.py INTER_PACKAGE JETBRAINS_MONO_PACKAGE resources/fonts
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

INTER_FACES = {
    "400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
    "600SemiBold/Inter_600SemiBold.ttf": "Inter-SemiBold.ttf",
    "400Regular_Italic/Inter_400Regular_Italic.ttf": "Inter-Italic.ttf",
}
MONO_FACES = {"500Medium/JetBrainsMono_500Medium.ttf": "JetBrainsMono-Medium.ttf"}

PRINTED_BLOCKS = (
    (0x0020, 0x024F),  # Latin with accents
    (0x0250, 0x036F),  # phonetic, modifiers, combining accents
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x1E00, 0x1EFF),  # Vietnamese and other accents
    (0x2000, 0x22FF),  # punctuation, currency, numerals, arrows, mathematics
    (0x2500, 0x27BF),  # boxes, shapes, symbols, check marks
    (0xFB00, 0xFB06),  # ligatures that come with pasted text
)
MONO_BLOCKS = ((0x0020, 0x007E),)
FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def use_figures_of_equal_width(font: TTFont) -> None:
    """Let the characters 0 to 9 show the tabular figures that the font already holds."""
    tabular = {f"{figure}": f"{figure}.tf" for figure in FIGURES}
    missing = set(tabular.values()) - set(font.getGlyphOrder())
    if missing:
        raise SystemExit(f"The font has no glyphs {sorted(missing)}; has Inter renamed its figures?")
    for table in font["cmap"].tables:
        for code, glyph in table.cmap.items():
            table.cmap[code] = tabular.get(glyph, glyph)


def cut(font: TTFont, blocks: tuple[tuple[int, int], ...]) -> None:
    """Keep the characters of these blocks, and no layout tables, hints or glyph names."""
    options = Options(hinting=False, glyph_names=False, notdef_outline=True, name_IDs=["*"], layout_features=[])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in blocks for code in range(first, last + 1)])
    subsetter.subset(font)


def main(inter: Path, mono: Path, target: Path) -> None:
    """Write the cut faces and their licences under ``target``."""
    for source, faces, blocks, folder in (
        (inter, INTER_FACES, PRINTED_BLOCKS, "inter"),
        (mono, MONO_FACES, MONO_BLOCKS, "jetbrains-mono"),
    ):
        (target / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "LICENSE_FONT", target / folder / "LICENSE")
        for released, ours in faces.items():
            font = TTFont(source / released, recalcTimestamp=False)
            if folder == "inter":
                use_figures_of_equal_width(font)
            cut(font, blocks)
            font.save(target / folder / ours)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
