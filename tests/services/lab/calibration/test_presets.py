from dataclasses import replace
from pathlib import Path

from services.lab.calibration.fitting import Fit
from services.lab.calibration.presets import placed, write
from services.llm.profiles import Catalogue, find_profile

FILE = """# a comment
defaults:
  temperature: 0.25
profiles:
  sim-one:
    temperature: 0.5
    slip: 0.1
  # of the other
  sim-other:
    slip: 0.2
"""


def test_a_preset_is_replaced_and_all_else_stays() -> None:
    text = placed(FILE, "sim-one", {"temperature": 0.75, "window_tokens": 8192})
    assert "  sim-one:\n    temperature: 0.75\n    window_tokens: 8192\n  # of the other" in text
    assert text.startswith("# a comment")
    assert "slip: 0.1" not in text


def test_a_new_preset_is_added_at_the_end() -> None:
    assert placed(FILE, "sim-new", {"slip": 0.3}).endswith("slip: 0.2\n  sim-new:\n    slip: 0.3\n")


def test_a_written_file_offers_the_fitted_profile_beside_the_shipped_ones(tmp_path: Path) -> None:
    careful = find_profile("sim-careful")
    fitted = replace(careful, name="sim-new", alias=None, temperature=1.2345)
    path = tmp_path / "profiles.yml"
    write(path, [Fit(fitted, {"temperature": 1.2345}, 0.0)])
    offered = Catalogue.from_yaml(path.read_text("utf-8"))
    assert offered.find("sim-new").temperature == 1.2345
    assert offered.find("sim-careful") == careful
