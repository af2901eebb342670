"""tiny-bert/: a random BERT classifier small enough for git, and all that PyTorch computes with it.

expected.safetensors: the inputs (int64 input_ids, attention_mask, token_type_ids, all [4, 12], and labels [4]), hidden_states.N
[4, 12, 32], pooler_output [4, 32], logits [4, 3], loss [] and gradient.NAME for every weight NAME; prompt [3, 32] and prompt_logits
[4, 3], the logits with that prompt before the word embeddings; float32, dropout off.
expected.json: the same loss as a number, the names of the weights of the bare encoder, how far float32 is from PyTorch's own float64 for each of them, and texts with their
ids and logits. tiny-bert-base/: the same encoder as a bare BertModel, with the int64 position_ids that old checkpoints carry.
"""

import copy
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn import LayerNorm
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

from .files import write_json, write_tensors
from .prompt import logits_with_prompt, make_prompt

WORDS = """the a an and or but not no never very too it this that these is was are were be been has had have do does did
i you he she we they me my your our their in on at of for with from to by as up out off over after before when while
good great bad poor fine nice slow fast cheap loud quiet warm cold fresh broken clean dirty friendly rude happy sad late
food room staff phone book film coffee train hotel soup bread screen battery story price service place day night time
love like hate want need work works worked break broke read play eat drink sleep wait buy return again more less much
one two three all some every would could will can just only even still so if than then there here what which who
cafe naive""".split()
PIECES = "s ed ing er est ly y ness less ful able ion tion ment al en un re".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[]_~€£…—"
TEXTS = [
    "The food was great!",
    "never again, the staff were rude and the room was cold",
    "It works.",
    "naïve café",
    "unhappily, my phone's battery broke after 2 days :(",
    "",
]


SPECIALS = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}


def make_tokenizer(specials: dict[str, str] = SPECIALS) -> BertTokenizer:
    """Special tokens by their use; their ids count from 0 in the order given."""
    tokens = [*specials.values(), *SIGNS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    tokens += [*WORDS, *(f"##{piece}" for piece in PIECES)]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    names = {f"{use}_token": token for use, token in specials.items()}
    return BertTokenizer(vocab=vocabulary, do_lower_case=True, model_max_length=64, **names)


def make_model(vocabulary_size: int) -> BertForSequenceClassification:
    """Weights larger than at a real start, biases and norms off their usual 0 and 1: no gradient hides by being tiny."""
    torch.manual_seed(58)  # of those tried, one whose predictions differ from text to text
    labels = ["negative", "neutral", "positive"]
    config = BertConfig(
        vocab_size=vocabulary_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )
    model = BertForSequenceClassification(config).eval()
    norms = {f"{name}.weight" for name, part in model.named_modules() if isinstance(part, LayerNorm)}
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name in norms:
                weight.copy_(1 + 0.1 * torch.randn_like(weight))
            elif name.endswith(".bias"):
                weight.copy_(0.1 * torch.randn_like(weight))
            elif name == "bert.embeddings.word_embeddings.weight":
                weight.copy_(0.2 * torch.randn_like(weight))  # also [PAD]'s row, which starts at 0
    return model


def make_inputs(vocabulary_size: int) -> dict[str, torch.Tensor]:
    """Four rows of 12, 9, 5 and 2 tokens, the first two as pairs of texts."""
    draw = torch.Generator().manual_seed(7)
    lengths = torch.tensor([12, 9, 5, 2])
    mask = (torch.arange(12) < lengths[:, None]).long()
    ids = torch.randint(5, vocabulary_size, (4, 12), generator=draw) * mask
    ids[:, 0] = 2
    ids[torch.arange(4), lengths - 1] = 3
    ids[0, 6] = ids[1, 4] = 3
    ids[2, 2] = ids[2, 3] = ids[0, 3]  # a token met more than once: its gradients add up
    types = torch.zeros_like(ids)
    types[0, 7:12] = 1
    types[1, 5:9] = 1
    labels = torch.tensor([2, 0, 1, 2])
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "labels": labels}


def outputs_and_gradients(model, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Everything we compare. A weight that no gradient reaches has gradient 0; one that does not train has none."""
    model.zero_grad(set_to_none=True)
    pooled = []
    pooler = model.get_submodule("bert.pooler" if hasattr(model, "bert") else "base_model.model.bert.pooler")
    hook = pooler.register_forward_hook(lambda _module, _args, output: pooled.append(output))
    result = model(**inputs, output_hidden_states=True)
    hook.remove()
    result.loss.backward()
    found = {f"hidden_states.{layer}": state for layer, state in enumerate(result.hidden_states)}
    found |= {"pooler_output": pooled[0], "logits": result.logits, "loss": result.loss}
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            found[f"gradient.{name}"] = torch.zeros_like(weight) if weight.grad is None else weight.grad
    return {name: tensor.detach().clone() for name, tensor in found.items()}


def float64_errors(model, inputs, found: dict[str, torch.Tensor]) -> dict[str, float]:
    """The largest distance of each float32 result from the same in float64: no other float32 engine can be asked for less."""
    exact = outputs_and_gradients(copy.deepcopy(model).double(), inputs)
    return {name: float((exact[name] - found[name]).abs().max()) for name in found}


def write(folder: Path) -> None:
    tokenizer = make_tokenizer()
    model = make_model(len(tokenizer))
    for name, checkpoint in {"tiny-bert": model, "tiny-bert-base": model.bert}.items():
        checkpoint.save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)
        (folder / name / "model.safetensors").chmod(0o644)
    add_position_ids(folder / "tiny-bert-base" / "model.safetensors", model.bert)

    inputs = make_inputs(len(tokenizer))
    found = outputs_and_gradients(model, inputs)
    prompt = make_prompt(model)
    with torch.no_grad():
        prompted = {"prompt": prompt, "prompt_logits": logits_with_prompt(model, inputs, prompt)}
    write_tensors(folder / "tiny-bert" / "expected.safetensors", inputs | found | prompted)
    rows = []
    for text in TEXTS:
        encoded = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            logits = model(**encoded).logits[0]
        rows.append({"text": text, "input_ids": encoded.input_ids[0].tolist(), "logits": logits.tolist()})
    errors = float64_errors(model, inputs, found)
    write_json(
        folder / "tiny-bert" / "expected.json",
        {
            "loss": float(found["loss"]),
            "bareWeights": list(model.bert.state_dict()),
            "float64Errors": errors,
            "texts": rows,
        },
    )


def add_position_ids(file: Path, encoder: BertModel) -> None:
    tensors = load_file(file)
    tensors["embeddings.position_ids"] = torch.arange(encoder.config.max_position_embeddings)[None, :]
    save_file(tensors, file, metadata={"format": "pt"})
    file.chmod(0o644)
