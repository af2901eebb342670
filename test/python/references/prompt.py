"""A trained prompt before a text, as peft's PeftModelForSequenceClassification passes it on: vectors instead of ids."""

import torch


def make_prompt(model) -> torch.Tensor:
    """Three vectors of the size of the word embeddings."""
    size = model.get_input_embeddings().embedding_dim
    return 0.2 * torch.randn(3, size, generator=torch.Generator().manual_seed(9))


def logits_with_prompt(model, inputs: dict[str, torch.Tensor], prompt: torch.Tensor) -> torch.Tensor:
    rows = len(inputs["input_ids"])
    words = model.get_input_embeddings()(inputs["input_ids"])
    before = prompt.to(words.dtype).expand(rows, *prompt.shape)
    given = {"inputs_embeds": torch.cat([before, words], 1)}
    for name, value in {"attention_mask": 1, "token_type_ids": 0}.items():
        if name in inputs:
            given[name] = torch.cat([torch.full((rows, len(prompt)), value), inputs[name]], 1)
    return model(**given).logits
