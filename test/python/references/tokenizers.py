"""tokenizers/: a tiny tokenizer of each family's kind, and the ids Python gives 694 awkward strings with it.

strings.json: the strings. FAMILY/tokenizer.json, tokenizer_config.json and config.json: laid out as the family's checkpoints on the
Hugging Face hub have them (normaliser, pre-tokeniser, post-processor, decoder, added tokens), with a vocabulary of a few hundred to a
few thousand tokens trained on the strings themselves. FAMILY/ids.json: for each string the ids of AutoTokenizer, special tokens
included, as one string of numbers; cut.json: some of them cut by transformers to max_length tokens. minilm/ has no tokenizer of its
own: its ids are those of the real all-MiniLM-L6-v2. variants.json: other parts that checkpoints of these families have, in place of
a family's own (normalizers_after: after its own), and the SHA-256 of all ids, a line for each string. xlm-roberta's charsmap (nmt_nfkc, 240 kB) is in charsmap.json, deflated.
"""

import base64
import hashlib
import io
import json
import zlib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer

from .awkward_strings import SENTENCES, STRINGS, many_strings
from .files import write_json

TRAINING = [*SENTENCES, *STRINGS]
MAX_LENGTHS = [2, 3, 5, 8, 16, 64]


def write(folder: Path) -> None:
    strings = many_strings()
    folder = folder / "tokenizers"
    write_json(folder / "strings.json", strings)
    for family, make in FAMILIES.items():
        make(folder / family, strings)
        write_ids(folder / family, strings)
    write_variants(folder, strings)
    from .minilm import model_folder

    write_ids(folder / "minilm", strings, Path(model_folder()))


# --- BERT, DistilBERT, MobileBERT: WordPiece --------------------------------------------------------------------------------------


def bert_uncased(folder: Path, strings: list[str]) -> None:
    bert(folder, strings, lowercase=True)


def bert_cased(folder: Path, strings: list[str]) -> None:
    bert(folder, strings, lowercase=False)


def bert(folder: Path, strings: list[str], lowercase: bool) -> None:
    normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lowercase)
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words = Counter(word for text in strings for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text)))
    # Every character, first in a word and later in one, then the commonest beginnings and ends.
    letters = sorted({word[0] for word in words})
    inner = sorted({f"##{letter}" for word in words for letter in word[1:]})
    parts = Counter()
    for word, count in words.items():
        for cut in range(2, min(len(word), 12) + 1):
            parts[word[:cut]] += count
            parts["##" + word[-cut:]] += count if cut < len(word) else 0
    common = sorted((part for part, count in parts.items() if count > 3), key=lambda part: (-parts[part], part))[:800]
    # Some characters are left out, for [UNK].
    known = [token for index, token in enumerate([*letters, *inner]) if index % 17]
    special = ["[PAD]", *(f"[unused{number}]" for number in range(9)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys([*special, *known, *common]))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.add_special_tokens([special[0], *special[-4:]])
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.post_processor = template(tokenizer, "[CLS]", "[SEP]")
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    save(folder, tokenizer, {"model_type": "bert"}, {"tokenizer_class": "BertTokenizer", "do_lower_case": lowercase, "model_max_length": 512})


# --- RoBERTa: byte-level BPE ------------------------------------------------------------------------------------------------------


def roberta(folder: Path, strings: list[str]) -> None:
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary, merges = byte_level_bpe(normalizers.Sequence([]), size=1200, first=special, last=["<mask>"])
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False))
    tokenizer.add_special_tokens([AddedToken(token, normalized=True, special=True) for token in special])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True)
    ends = [(token, tokenizer.token_to_id(token)) for token in ("</s>", "<s>")]
    tokenizer.post_processor = processors.RobertaProcessing(*ends, trim_offsets=True, add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    # roberta-base's own tokenizer_config.json says no more than this: pad_token has to come from elsewhere.
    save(folder, tokenizer, {"model_type": "roberta"}, {"model_max_length": 512})


# --- ModernBERT: byte-level BPE of GPT-NeoX's kind --------------------------------------------------------------------------------


def modernbert(folder: Path, strings: list[str]) -> None:
    plain = ["|||IP_ADDRESS|||", "<|padding|>"]
    spaces = [" " * count for count in range(24, 1, -1)]
    later = ["|||EMAIL_ADDRESS|||", "|||PHONE_NUMBER|||", "<|endoftext|>", "[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    unused = [f"[unused{number}]" for number in range(83)]
    vocabulary, merges = byte_level_bpe(normalizers.NFC(), size=1400, first=plain[1:], last=[])
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.normalizer = normalizers.NFC()
    special = {"<|padding|>", "<|endoftext|>", *later[3:]}
    for token in [plain[1], plain[0], *spaces, *later, *unused]:
        added = AddedToken(token, lstrip=token == "[MASK]", normalized=token not in special, special=token in special)
        (tokenizer.add_special_tokens if token in special else tokenizer.add_tokens)([added])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)
    tokenizer.post_processor = template(tokenizer, "[CLS]", "[SEP]")
    tokenizer.decoder = decoders.ByteLevel()
    names = {"cls_token": "[CLS]", "mask_token": "[MASK]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
    config = {"model_input_names": ["input_ids", "attention_mask"], "model_max_length": 8192, "tokenizer_class": "PreTrainedTokenizerFast"}
    save(folder, tokenizer, {"model_type": "modernbert"}, {"clean_up_tokenization_spaces": True, **names, **config})


def byte_level_bpe(normalizer, size, first, last) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Plain BPE, ties broken by the pair's spelling, so that the same strings give the same merges everywhere."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words = Counter(word for text in TRAINING for word, _ in split.pre_tokenize_str(normalizer.normalize_str(text)))
    spelled = {word: list(word) for word in words}
    tokens, merges = sorted(pre_tokenizers.ByteLevel.alphabet()), []
    while len(first) + len(tokens) + len(last) < size:
        pairs = Counter()
        for word, parts in spelled.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        (left, right), _ = min(pairs.items(), key=lambda item: (-item[1], item[0]))
        merges.append((left, right))
        if left + right not in tokens:
            tokens.append(left + right)
        for word, parts in spelled.items():
            if left in parts:
                merged, index = [], 0
                while index < len(parts):
                    both = parts[index : index + 2] == [left, right]
                    merged.append(left + right if both else parts[index])
                    index += 2 if both else 1
                spelled[word] = merged
    return {token: index for index, token in enumerate([*first, *tokens, *last])}, merges


# --- XLM-RoBERTa: Unigram ---------------------------------------------------------------------------------------------------------


def xlm_roberta(folder: Path, strings: list[str]) -> None:
    pieces, charsmap = sentencepiece()
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *pieces, ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁")])
    tokenizer.post_processor = template(tokenizer, "<s>", "</s>", twice=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁")
    save(folder, tokenizer, {"model_type": "xlm-roberta"}, {"model_max_length": 512, "tokenizer_class": "XLMRobertaTokenizer"})


def sentencepiece() -> tuple[list[tuple[str, float]], bytes]:
    """Trained as XLM-RoBERTa's was: Unigram over text normalised by nmt_nfkc."""
    from sentencepiece import SentencePieceTrainer, sentencepiece_model_pb2

    written = io.BytesIO()
    texts = [text for text in TRAINING * 4 if text.strip() and "\0" not in text]
    SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=written, model_type="unigram", normalization_rule_name="nmt_nfkc", vocab_size=3000,
        character_coverage=0.995, num_threads=1, minloglevel=2, hard_vocab_limit=False,
    )  # fmt: skip
    model = sentencepiece_model_pb2.ModelProto.FromString(written.getvalue())
    pieces = [(piece.piece, round(piece.score, 4)) for piece in model.pieces[3:]]  # after <unk>, <s>, </s>
    return pieces, model.normalizer_spec.precompiled_charsmap


# --- All of them ------------------------------------------------------------------------------------------------------------------


def template(tokenizer: Tokenizer, first: str, last: str, twice: bool = False) -> processors.TemplateProcessing:
    between = f"{last} {last}" if twice else last
    types = ":0" if twice else ":1"
    return processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {between} $B{types} {last}{types}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (first, last)],
    )


def save(folder: Path, tokenizer: Tokenizer, config: dict, tokenizer_config: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = json.loads(tokenizer.to_str())
    normalizer = content["normalizer"] or {}
    if normalizer.get("type") == "Precompiled":
        charsmap = base64.b64decode(normalizer["precompiled_charsmap"])
        normalizer["precompiled_charsmap"] = ""
        write_json(folder / "charsmap.json", {"deflated": base64.b64encode(zlib.compress(charsmap, 9)).decode()})
    (folder / "tokenizer.json").write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
    write_json(folder / "tokenizer_config.json", tokenizer_config)
    write_json(folder / "config.json", config)


def write_ids(folder: Path, strings: list[str], source: Path | None = None) -> None:
    tokenizer = load(source or folder, strings)
    ids = tokenizer(strings, verbose=False).input_ids
    write_json(folder / "ids.json", [" ".join(map(str, row)) for row in ids])
    rows = []
    for index, text in enumerate(strings[::29]):
        length = MAX_LENGTHS[index % len(MAX_LENGTHS)]
        cut = tokenizer(text, truncation=True, max_length=length, verbose=False).input_ids
        rows.append({"text": text, "maxLength": length, "ids": cut, "dropped": len(tokenizer(text, verbose=False).input_ids) - len(cut)})
    padded = tokenizer(["a", "a b c"], padding=True)
    write_json(folder / "cut.json", {"padId": tokenizer.pad_token_id, "padded": padded.input_ids, "mask": padded.attention_mask, "cut": rows})


METASPACE = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
GPT_4 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPLIT = {"type": "Split", "pattern": {"Regex": GPT_4}, "behavior": "Isolated", "invert": False}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
BERT = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": False, "lowercase": True}
OLD_METASPACE = {"type": "Metaspace", "replacement": "▁", "str_rep": "▁", "add_prefix_space": True}
VARIANTS = {
    "Metaspace alone": ("xlm-roberta", {"pre_tokenizer": METASPACE}),
    "Metaspace, first": ("xlm-roberta", {"pre_tokenizer": METASPACE | {"prepend_scheme": "first"}}),
    "Metaspace, whole": ("xlm-roberta", {"pre_tokenizer": METASPACE | {"split": False}}),
    "xlm-roberta-base": (
        "xlm-roberta",
        {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, OLD_METASPACE]}},
    ),
    "multilingual-e5": (
        "xlm-roberta",
        {
            "pre_tokenizer": METASPACE,
            "normalizers_after": [
                {"type": "Strip", "strip_left": False, "strip_right": True},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"},
            ],
        },
    ),
    "ByteLevel with a space before": ("roberta", {"pre_tokenizer": BYTE_LEVEL | {"add_prefix_space": True, "use_regex": True}}),
    "Split": ("roberta", {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [SPLIT, BYTE_LEVEL]}}),
    "NFKC": ("roberta", {"normalizer": {"type": "NFKC"}}),
    "NFKD, Lowercase": ("roberta", {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "Lowercase"}]}}),
    "BERT, accents kept": ("bert-uncased", {"normalizer": BERT}),
    "BERT, accents stripped": ("bert-cased", {"normalizer": BERT | {"clean_text": False, "strip_accents": True, "lowercase": False}}),
    "single_word": ("roberta", {"added_after": [{"content": "good", "lstrip": True}, {"content": "\u00e9", "lstrip": False}]}),
}


def write_variants(folder: Path, strings: list[str]) -> None:
    rows = []
    for name, (family, change) in VARIANTS.items():
        content = whole_json(folder / family)
        parts = dict(change)
        if after := parts.pop("normalizers_after", None):
            parts["normalizer"] = {"type": "Sequence", "normalizers": [content["normalizer"], *after]}
        if after := parts.pop("added_after", None):
            size = max(content["model"]["vocab"].values()) + 1
            rest = {"single_word": True, "rstrip": True, "normalized": True, "special": False}
            after = [{**token, **rest, "id": size + index} for index, token in enumerate(after)]
            change = {"added_tokens": content["added_tokens"] + after}
            parts = change
        tokenizer = Tokenizer.from_str(json.dumps({**content, **parts}))
        lines = "".join(" ".join(map(str, tokenizer.encode(text).ids)) + "\n" for text in strings)
        rows.append({"name": name, "family": family, "change": change, "sha256": hashlib.sha256(lines.encode()).hexdigest()})
    write_json(folder / "variants.json", rows)


def whole_json(folder: Path) -> dict:
    """tokenizer.json, its charsmap put back."""
    content = json.loads((folder / "tokenizer.json").read_text())
    charsmap = folder / "charsmap.json"
    if charsmap.exists():
        raw = zlib.decompress(base64.b64decode(json.loads(charsmap.read_text())["deflated"]))
        content["normalizer"]["precompiled_charsmap"] = base64.b64encode(raw).decode()
    return content


def load(folder: Path, strings: list[str]):
    """AutoTokenizer on the folder, its charsmap put back; the same ids as tokenizers' own reading of tokenizer.json."""
    with TemporaryDirectory() as whole:
        for path in folder.glob("*.json"):
            (Path(whole) / path.name).write_bytes(path.read_bytes())
        (Path(whole) / "tokenizer.json").write_text(json.dumps(whole_json(folder)))
        tokenizer = AutoTokenizer.from_pretrained(whole)
        plain = Tokenizer.from_file(f"{whole}/tokenizer.json")
    plain.no_truncation()
    plain.no_padding()
    for text, ids in zip(strings, tokenizer(strings, verbose=False).input_ids):
        assert plain.encode(text).ids == ids, (folder.name, text, ids, plain.encode(text).ids)
    return tokenizer


FAMILIES = {
    "bert-uncased": bert_uncased,
    "bert-cased": bert_cased,
    "roberta": roberta,
    "xlm-roberta": xlm_roberta,
    "modernbert": modernbert,
}
