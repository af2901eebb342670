"""Every family of encoders passes from transformers to model-types and back, whole and cut to one layer, trained or not."""

import pytest
import torch
from conftest import run_ours
from transformers import AutoModelForSequenceClassification, AutoTokenizer

FAMILIES = {
    "tiny-bert": "BertForSequenceClassification",
    "tiny-distilbert": "DistilBertForSequenceClassification",
    "tiny-roberta": "RobertaForSequenceClassification",
    "tiny-xlm-roberta": "XLMRobertaForSequenceClassification",
    "tiny-mobilebert": "MobileBertForSequenceClassification",
    "tiny-mobilebert-other": "MobileBertForSequenceClassification",
    "tiny-modernbert": "ModernBertForSequenceClassification",
    "tiny-modernbert-other": "ModernBertForSequenceClassification",
}
TEXTS = ["The food was great!", "never again, the staff were rude and the room was cold", "It works."]


@pytest.mark.parametrize("options", [{}, {"keepLayers": 1}, {"train": "full"}], ids=["whole", "one layer", "trained"])
@pytest.mark.parametrize("family", FAMILIES)
def test_python_opens_what_we_save(fixtures, tmp_path, family, options):
    saved = tmp_path / "saved"
    ours = run_ours("classify.mjs", request={"folder": str(fixtures / family), "texts": TEXTS, "saveTo": str(saved), **options})
    model, loading = AutoModelForSequenceClassification.from_pretrained(saved, output_loading_info=True)
    assert not any(loading[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")), loading
    assert type(model).__name__ == FAMILIES[family]
    # Padded, as our batches are: MobileBERT's last token sees what follows it.
    given = AutoTokenizer.from_pretrained(saved)(TEXTS, padding="max_length", max_length=24, return_tensors="pt")
    with torch.no_grad():
        logits = model.eval()(input_ids=given.input_ids, attention_mask=given.attention_mask).logits
    torch.testing.assert_close(torch.tensor(ours["logits"]), logits, rtol=0, atol=1e-5)
