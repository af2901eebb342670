// DistilBERT against transformers.DistilBertForSequenceClassification.
import { describeEncoder, describeRefused } from './against-transformers.js';

describeEncoder('tiny-distilbert', { zeroGradients: /k_lin\.bias$/ });

describeRefused('tiny-distilbert', [
  ['activation', 'mish'],
  ['n_heads', 5],
  ['dropout', 1],
  ['dim', 1.5],
]);
