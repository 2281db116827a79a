import { GauntletError } from '../../errors.js';
import type { ByteSource } from './byte-source.js';

/** Location that stands for the model's own file; no file can have it as its name. */
export const OWN_FILE = '\0';

/** Tensors of at least so many bytes are left in the file. */
const LARGE = 65_536;

/** Messages on the way from a model to the bytes of a tensor, by field number (onnx.proto). */
type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'function';
const CHILDREN: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor' },
  function: { 7: 'node' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: {},
};
/** raw_data; and float_data and double_data, which hold the same bytes when packed. */
const CONTENT = new Set([9, 4, 10]);
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/** Deeper nesting than any exporter's is an attempt on the stack. */
const DEEPEST = 100;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The ONNX file without the raw bytes of its large tensors: each of them becomes a tensor stored outside, whose location is
 * OWN_FILE and whose offset is where its bytes lie in the file. So a model of any size is decoded without reading it whole,
 * and every large tensor is later read into memory of its own, once.
 *
 * @throws GauntletError MODEL_UNREADABLE where the bytes are not protobuf: a length beyond the end, an unknown wire type.
 */
export function skeletonOf(source: ByteSource, name: string): Uint8Array {
  const cursor = new Cursor(source, name);
  return concatenate(copyMessage(cursor, 'model', 0, source.size, 0));
}

/** The message between two offsets, in pieces. */
function copyMessage(
  cursor: Cursor,
  message: Message,
  from: number,
  to: number,
  depth: number,
): Uint8Array[] {
  if (depth > DEEPEST) throw cursor.unreadable(from, 'messages are nested too deep');
  const pieces: Uint8Array[] = [];
  let copied = from;
  const copyUpTo = (offset: number): void => {
    if (offset > copied) pieces.push(cursor.bytes(copied, offset - copied));
  };
  for (let at = from; at < to;) {
    const { field, start, end } = cursor.field(at, to);
    const child = CHILDREN[message][field];
    const isContent = message === 'tensor' && CONTENT.has(field);
    if (end - start >= LARGE && (isContent || child !== undefined)) {
      copyUpTo(at);
      if (child === undefined) pieces.push(...storedOutside(start, end - start));
      else pieces.push(...wrapped(field, copyMessage(cursor, child, start, end, depth + 1)));
      copied = end;
    }
    at = end;
  }
  copyUpTo(to);
  return pieces;
}

/** Fields of a TensorProto that say where its bytes are. */
function storedOutside(offset: number, length: number): Uint8Array[] {
  const entries = { location: OWN_FILE, offset: String(offset), length: String(length) };
  return [
    ...Object.entries(entries).flatMap(([key, value]) =>
      wrapped(EXTERNAL_DATA, [...wrapped(1, [utf8(key)]), ...wrapped(2, [utf8(value)])]),
    ),
    Uint8Array.of((DATA_LOCATION << 3) | VARINT, 1),
  ];
}

/** A field that holds the pieces. */
function wrapped(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((total, piece) => total + piece.length, 0);
  return [Uint8Array.from([...varint((field << 3) | BYTES), ...varint(length)]), ...pieces];
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) + 0x80);
  return [...out, rest];
}

const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array => encoder.encode(text);

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

interface Field {
  readonly field: number;
  /** Offsets of the field's content. */
  readonly start: number;
  readonly end: number;
}

const WINDOW = 65_536;

/** Reads field headers through a window, so that a model of many small nodes does not cost a read each. */
class Cursor {
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly name: string,
  ) {}

  bytes(offset: number, length: number): Uint8Array {
    return this.source.read(offset, length);
  }

  field(at: number, limit: number): Field {
    const [tag, afterTag] = this.varint(at, limit);
    const [start, end] = this.content(tag % 8, afterTag, limit);
    if (end > limit) throw this.unreadable(at, 'a field reaches beyond the end');
    return { field: Math.floor(tag / 8), start, end };
  }

  private content(wire: number, at: number, limit: number): [start: number, end: number] {
    switch (wire) {
      case VARINT:
        return [at, this.varint(at, limit)[1]];
      case FIXED64:
        return [at, at + 8];
      case FIXED32:
        return [at, at + 4];
      case BYTES: {
        const [length, start] = this.varint(at, limit);
        return [start, start + length];
      }
      default:
        throw this.unreadable(at, `wire type ${wire}`);
    }
  }

  private varint(from: number, limit: number): [value: number, next: number] {
    let value = 0;
    let scale = 1;
    for (let at = from; at < limit && at < from + 10; at++, scale *= 0x80) {
      const byte = this.byteAt(at);
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return [value, at + 1];
    }
    throw this.unreadable(from, 'a number has no end');
  }

  private byteAt(offset: number): number {
    if (offset < this.windowAt || offset >= this.windowAt + this.window.length) {
      this.windowAt = offset;
      this.window = this.source.read(offset, Math.min(WINDOW, this.source.size - offset));
    }
    return this.window[offset - this.windowAt]!;
  }

  unreadable(at: number, problem: string): GauntletError {
    return new GauntletError(
      'MODEL_UNREADABLE',
      unreadableModel(this.name, this.source.size, `${problem} at byte ${at}`),
    );
  }
}

/** The sentence for bytes that are no ONNX model. */
export function unreadableModel(name: string, bytes: number, problem: string): string {
  return (
    `${name}: received ${bytes} bytes, expected an ONNX model ` +
    `(a ModelProto with an operator set and a graph of nodes); ${problem}`
  );
}
