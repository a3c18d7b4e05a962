"""Print the typed example records into examples/files, in every Shanghai template and format."""

from pathlib import Path

from chengshu.performance.papers.examples import render_examples

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "node_modules/@expo-google-fonts/noto-sans-sc"


def main() -> None:
    """Render anew; the printed files are committed, so that the demonstration needs no rendering."""
    written = render_examples(ROOT / "examples/forms", ROOT / "examples/files", font_dir=FONTS)
    print(f"examples/files: {len(written)} 份")


if __name__ == "__main__":
    main()
