/** What is wrong with a weights file in PyTorch's own format. `message` names the file, and the weight where there is one. */
export class PytorchFileError extends Error {
  override readonly name = 'PytorchFileError';
  /** The file concerned, as it was named to us. */
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.file = file;
  }
}

export const CUT_SHORT = 'it was probably cut short or altered: fetch or copy it again';

export const SAVE_AGAIN =
  'save the model in Python with save_pretrained(folder), which writes model.safetensors, and read that folder';
