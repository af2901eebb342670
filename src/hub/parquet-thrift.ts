/**
 * Walks a thrift struct (compact protocol: parquet's metadata and page headers) before hyparquet reads it, which trusts
 * lengths: a number of endless bytes, a list of two billion or a nesting without end would hold it up or fill the memory.
 */

const DEEPEST = 24;

/**
 * @returns the offset after the struct
 * @throws Error if it is none, or one that no writer of parquet makes
 */
export function checkThrift(bytes: Uint8Array, offset: number): number {
  const walk = new Walk(bytes, offset);
  walk.struct(0);
  return walk.offset;
}

class Walk {
  offset: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  struct(depth: number): void {
    if (depth > DEEPEST) throw new Error('its metadata is nested too deeply');
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) return;
      if (head >> 4 === 0) this.#varint();
      this.#value(type, depth);
    }
  }

  #value(type: number, depth: number): void {
    if (type === 1 || type === 2) return;
    if (type === 3) this.#skip(1);
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.#skip(8);
    else if (type === 8) this.#skip(this.#varint());
    else if (type === 9) this.#list(depth);
    else if (type === 12) this.struct(depth + 1);
    else throw new Error(`its metadata has a value of unknown type ${type}`);
  }

  #list(depth: number): void {
    if (depth > DEEPEST) throw new Error('its metadata is nested too deeply');
    const head = this.#byte();
    const type = head & 15;
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    if (count > this.#bytes.length - this.offset) throw new Error(`its metadata claims a list of ${count} values`);
    for (let i = 0; i < count; i++) this.#value(type <= 2 ? 3 : type, depth + 1);
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new Error('its metadata is cut short');
    return byte;
  }

  #skip(count: number): void {
    if (count > this.#bytes.length - this.offset) throw new Error('its metadata is cut short');
    this.offset += count;
  }

  #varint(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new Error('its metadata has a number of more than 64 bits');
  }
}
