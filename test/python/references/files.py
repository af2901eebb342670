"""Writing fixtures: tensors as safetensors, the rest as JSON, always the same bytes for the same values."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file


def write_tensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    """float32 and int64 only: what src/hub reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: plain(tensor) for name, tensor in tensors.items()}, path, metadata={"format": "pt"})
    path.chmod(0o644)


def plain(tensor: torch.Tensor) -> torch.Tensor:
    tensor = tensor.detach().clone().contiguous()
    return tensor.to(torch.float32) if tensor.is_floating_point() else tensor.to(torch.int64)


def write_json(path: Path, value: object) -> None:
    """One line for each element of a list at the top, so that a change reads well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, list):
        rows = ",\n".join(json.dumps(row, ensure_ascii=True) for row in value)
        path.write_text(f"[\n{rows}\n]\n")
    else:
        path.write_text(json.dumps(value, indent=2, ensure_ascii=True) + "\n")
