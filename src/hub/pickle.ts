/**
 * Python's pickle, read with suspicion: a small machine that builds numbers, strings, lists, tuples and dictionaries, and
 * nothing else unless the one who asks allows it by name. Python's own unpickler imports and calls whatever a file names;
 * this one can import nothing, and stops at the first name that is not allowed.
 *
 *     const { value } = readPickle(bytes, 0, { file: 'data.pkl', global: () => undefined, persistent: () => undefined });
 *
 * | Python | here |
 * |---|---|
 * | `None`, `True`, `1.5` | `null`, `true`, `1.5`; an integer beyond 2^53 is a bigint |
 * | `'text'`, `b'bytes'` | string, Uint8Array |
 * | `[1]`, `(1,)`, `{'a': 1}` | Array, `Tuple`, Map |
 *
 * Protocols 2 to 5: https://github.com/python/cpython/blob/main/Lib/pickletools.py describes every opcode.
 */
import { PickleBytes } from './pickle-bytes.js';
import { CUT_SHORT, PytorchFileError } from './pytorch-file-error.js';
import { shown } from './shown.js';

/** A Python tuple. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A Python name that is allowed, such as `collections.OrderedDict`. Without `call` it can only be handed on. */
export interface AllowedGlobal {
  readonly name: string;
  readonly call?: (...args: readonly unknown[]) => unknown;
}

/** What the names and the references of a pickle stand for. */
export interface PickleHost {
  /** Names the file in errors. */
  readonly file: string;
  /** What `module.name` stands for; undefined refuses it. */
  readonly global: (module: string, name: string) => AllowedGlobal | undefined;
  /** What a persistent id, PyTorch's reference to a storage, stands for; undefined refuses it. */
  readonly persistent: (id: unknown) => object | undefined;
}

/** The largest model's pickle has about a thousand bytes a weight; weights themselves lie outside of it. */
export const MAX_PICKLE_BYTES = 32 * 2 ** 20;
/** Steps of the machine: a weight takes about 45. */
const MAX_STEPS = 3_000_000;
/** Lists, tuples, dictionaries and made objects: a weight takes about 6. */
const MAX_OBJECTS = 300_000;

/** What is allowed to be called takes at most 7. */
const MAX_ARGUMENTS = 16;

const EMPTY_TUPLE = new Tuple([]);

/**
 * Reads one pickle.
 * @param start where it begins in `bytes`
 * @returns its value, and where the next byte after it is
 * @throws PytorchFileError naming what it asks for and may not have, or where it is malformed
 */
export function readPickle(bytes: Uint8Array, start: number, host: PickleHost): { value: unknown; end: number } {
  return new Machine(bytes, start, host).run();
}

class Machine {
  readonly #bytes: PickleBytes;
  readonly #host: PickleHost;
  readonly #stack: unknown[] = [];
  /** Heights of the stack at each open MARK. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #objects = 0;

  constructor(bytes: Uint8Array, start: number, host: PickleHost) {
    this.#bytes = new PickleBytes(bytes, start, host.file);
    this.#host = host;
  }

  run(): { value: unknown; end: number } {
    const protocol = this.#bytes.byte() === 0x80 ? this.#bytes.byte() : 0;
    if (protocol < 2 || protocol > 5) this.#fail(`its pickle does not begin with a protocol from 2 to 5; ${CUT_SHORT}`);
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const opcode = this.#bytes.byte();
      if (opcode === 0x2e) {
        const value = this.#pop();
        if (this.#stack.length + this.#marks.length > 0) this.#fail(`its pickle stops half-way; ${CUT_SHORT}`);
        return { value, end: this.#bytes.at };
      }
      this.#step(opcode);
    }
    return this.#fail(`its pickle takes more than ${MAX_STEPS} steps: no file of weights does`);
  }

  /** One opcode; each comment is its name in pickle.py. What it returns is of no use. */
  #step(opcode: number): unknown {
    switch (opcode) {
      case 0x95: // FRAME: its length helps those who read ahead
        return this.#bytes.skip(8);
      case 0x28: // MARK
        return this.#marks.push(this.#stack.length);
      case 0x30: // POP
        return this.#marks.at(-1) === this.#stack.length ? this.#marks.pop() : this.#pop();
      case 0x31: // POP_MARK
        return this.#popToMark();
      case 0x32: // DUP
        return this.#push(this.#top());
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4a: // BININT
        return this.#push(this.#bytes.int32());
      case 0x4b: // BININT1
        return this.#push(this.#bytes.byte());
      case 0x4d: // BININT2
        return this.#push(this.#bytes.uint16());
      case 0x8a: // LONG1
        return this.#push(this.#bytes.integer(this.#bytes.byte()));
      case 0x47: // BINFLOAT
        return this.#push(this.#bytes.double());
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING, a long str of Python 2
        return this.#push(this.#bytes.text(this.#bytes.uint32()));
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING, a str of Python 2
        return this.#push(this.#bytes.text(this.#bytes.byte()));
      case 0x8d: // BINUNICODE8
        return this.#push(this.#bytes.text(this.#bytes.uint64()));
      case 0x43: // SHORT_BINBYTES
        return this.#pushObject(this.#bytes.blob(this.#bytes.byte()));
      case 0x42: // BINBYTES
        return this.#pushObject(this.#bytes.blob(this.#bytes.uint32()));
      case 0x5d: // EMPTY_LIST
        return this.#pushObject([]);
      case 0x7d: // EMPTY_DICT
        return this.#pushObject(new Map());
      case 0x29: // EMPTY_TUPLE
        return this.#push(EMPTY_TUPLE);
      case 0x74: // TUPLE
        return this.#pushObject(new Tuple(this.#popToMark()));
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#pushObject(new Tuple(this.#popSeveral(opcode - 0x84)));
      case 0x6c: // LIST
        return this.#pushObject(this.#popToMark());
      case 0x64: // DICT
        return this.#pushObject(this.#fill(new Map(), this.#popToMark()));
      case 0x61: // APPEND
        return this.#append([this.#pop()]);
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#popSeveral(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popToMark());
      case 0x71: // BINPUT
        return this.#memo.set(this.#bytes.byte(), this.#top());
      case 0x72: // LONG_BINPUT
        return this.#memo.set(this.#bytes.uint32(), this.#top());
      case 0x94: // MEMOIZE
        return this.#memo.set(this.#memo.size, this.#top());
      case 0x68: // BINGET
        return this.#recall(this.#bytes.byte());
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#bytes.uint32());
      case 0x63: // GLOBAL
        return this.#push(this.#global(this.#bytes.line(), this.#bytes.line()));
      case 0x93: // STACK_GLOBAL
        return this.#stackGlobal();
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD
        return this.#build();
      case 0x51: // BINPERSID
        return this.#persistent();
      default:
        return this.#refuse(opcode);
    }
  }

  #fail(problem: string): never {
    throw new PytorchFileError(this.#host.file, problem);
  }

  #forbid(what: string): never {
    this.#fail(
      `asks Python for ${what}, which no file of weights needs. It was refused, nothing of it was run; take the model from somebody you trust`,
    );
  }

  /** Opcodes that make objects of classes, or that no pickle of protocol 2 to 5 with weights in it has. */
  #refuse(opcode: number): never {
    const name = (value: unknown): string => {
      return typeof value === 'object' && value !== null && 'name' in value ? shown(String(value.name)) : 'a class';
    };
    switch (opcode) {
      case 0x69: // INST
        return this.#forbid(`an object of ${shown(`${this.#bytes.line()}.${this.#bytes.line()}`)}`);
      case 0x6f: // OBJ
        return this.#forbid(`an object of ${name(this.#popToMark()[0])}`);
      case 0x81: // NEWOBJ
        return this.#forbid(`an object of ${name(this.#popSeveral(2)[0])}`);
      case 0x92: // NEWOBJ_EX
        return this.#forbid(`an object of ${name(this.#popSeveral(3)[0])}`);
      case 0x82: // EXT1
      case 0x83: // EXT2
      case 0x84: // EXT4
        return this.#forbid('an extension registered by number');
      default:
        return this.#fail(
          `its pickle has the opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${this.#bytes.at - 1}, which no file of weights has; ${CUT_SHORT}`,
        );
    }
  }

  #global(module: string, name: string): AllowedGlobal {
    return this.#host.global(module, name) ?? this.#forbid(shown(`${module}.${name}`));
  }

  #stackGlobal(): void {
    const [module, name] = this.#popSeveral(2);
    if (typeof module !== 'string' || typeof name !== 'string') this.#fail('its pickle has a name that is no text');
    this.#push(this.#global(module as string, name as string));
  }

  #reduce(): void {
    const [callee, args] = this.#popSeveral(2);
    if (!(args instanceof Tuple)) this.#fail(`its pickle calls something without a tuple; ${CUT_SHORT}`);
    const { call, name } = (callee ?? {}) as Partial<AllowedGlobal>;
    if (typeof call !== 'function') this.#forbid(`a call of ${typeof name === 'string' ? shown(name) : 'a value'}`);
    const { items } = args as Tuple;
    if (items.length > MAX_ARGUMENTS) this.#fail(`its pickle calls ${name} with ${items.length} values; ${CUT_SHORT}`);
    this.#pushObject((call as (...args: readonly unknown[]) => unknown)(...items));
  }

  /** PyTorch's state dictionaries carry attributes (`_metadata`); what they say of versions is of no use to us. */
  #build(): void {
    const state = this.#pop();
    if (this.#top() instanceof Map && state instanceof Map) return;
    this.#forbid('attributes set on something other than a dictionary');
  }

  #persistent(): void {
    const id = this.#pop();
    const tag = id instanceof Tuple ? id.items[0] : id;
    const found = this.#host.persistent(id);
    if (found === undefined) this.#forbid(`a reference ${typeof tag === 'string' ? shown(tag) : ''}`.trim());
    this.#pushObject(found);
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) this.#fail(`its pickle appends to something that is no list; ${CUT_SHORT}`);
    for (const item of items) (list as unknown[]).push(item);
  }

  #setItems(items: readonly unknown[]): void {
    const target = this.#top();
    if (!(target instanceof Map)) this.#fail(`its pickle sets items of something that is no dictionary; ${CUT_SHORT}`);
    this.#fill(target as Map<unknown, unknown>, items);
  }

  #fill(map: Map<unknown, unknown>, items: readonly unknown[]): Map<unknown, unknown> {
    if (items.length % 2 !== 0) this.#fail(`its pickle has a key without a value; ${CUT_SHORT}`);
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
    return map;
  }

  #recall(index: number): void {
    if (!this.#memo.has(index)) this.#fail(`its pickle recalls value ${index}, which it never kept; ${CUT_SHORT}`);
    this.#push(this.#memo.get(index));
  }

  #push(value: unknown): void {
    this.#stack.push(value);
  }

  #pushObject(value: unknown): void {
    if (++this.#objects > MAX_OBJECTS) {
      this.#fail(`its pickle makes more than ${MAX_OBJECTS} objects: no file of weights does`);
    }
    this.#stack.push(value);
  }

  #top(): unknown {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) this.#fail(`its pickle takes what is not there; ${CUT_SHORT}`);
    return this.#stack.at(-1);
  }

  #pop(): unknown {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  /** The last `count` values, the earliest first. */
  #popSeveral(count: number): unknown[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): unknown[] {
    const height = this.#marks.pop();
    if (height === undefined) return this.#fail(`its pickle takes what is not there; ${CUT_SHORT}`);
    return this.#stack.splice(height);
  }
}
