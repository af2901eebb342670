// MobileBERT against transformers.MobileBertForSequenceClassification.
import { describeEncoder, describeRefused } from './against-transformers.js';

// Its logits were computed with padding: the last token sees the padding next to it.
describeEncoder('tiny-mobilebert', { zeroGradients: /key\.bias$/ });
// No trigrams, queries and values through one bottleneck, one feed-forward network, layer norm, no pooler, SiLU.
describeEncoder('tiny-mobilebert-other', { zeroGradients: /key\.bias$|bottleneck\.attention\./ });

describeRefused('tiny-mobilebert', [
  ['hidden_act', 'mish'],
  ['normalization_type', 'rms_norm'],
  ['num_attention_heads', 5],
  ['key_query_shared_bottleneck', false],
  ['is_decoder', true],
]);
