/** A file that is no sound parquet; the message begins with its name. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError';
}
