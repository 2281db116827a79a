import { GauntletError } from '../../errors.js';
import { isObject, isText, shown, type JsonObject } from './json.js';

/** One output of a node. */
export interface Source {
  readonly node: string;
  readonly output: number;
}

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Source[];
  readonly attributes: NodeAttributes;
}

/** What a graph is asked for; undefined where the file does not say. */
export interface Signature {
  readonly outputs?: readonly Source[];
}

/** float, double and half, by name and number. */
const FLOAT_TYPES = ['DT_FLOAT', 1, 'DT_DOUBLE', 2, 'DT_HALF', 19];

/** Attributes of a node, as JSON of a GraphDef has them: numbers as text, text in base 64. */
export class NodeAttributes {
  constructor(
    private readonly fields: JsonObject,
    /** The node and its file, for messages. */
    readonly where: string,
  ) {}

  number(name: string, otherwise: number): number {
    const { i, f } = this.field(name);
    const value = Number(i ?? f ?? otherwise);
    return Number.isFinite(value) ? value : this.refuse(name, 'a number');
  }

  flag(name: string): boolean {
    return this.field(name)['b'] === true;
  }

  /** Whether a type is one of floating-point numbers: by its name or its number. */
  isFloat(name: string): boolean {
    const { type } = this.field(name);
    return FLOAT_TYPES.some((known) => known === type);
  }

  /** In capitals. */
  word(name: string, otherwise: string): string {
    const { s } = this.field(name);
    return s === undefined ? otherwise : decoded(s).toUpperCase();
  }

  words(name: string): readonly string[] {
    const { s } = this.list(name);
    return Array.isArray(s) ? s.map(decoded) : [];
  }

  integers(name: string): readonly number[] {
    const { i } = this.list(name);
    return Array.isArray(i) ? i.map(Number) : [];
  }

  /** Sizes with -1 for those that are open; undefined where there is no shape or its rank is unknown. */
  shape(name: string): readonly number[] | undefined {
    const { shape } = this.field(name);
    if (!isObject(shape) || shape['unknownRank'] === true) return undefined;
    return dimsOf(shape);
  }

  private field(name: string): JsonObject {
    const value = this.fields[name];
    return isObject(value) ? value : {};
  }

  private list(name: string): JsonObject {
    const { list } = this.field(name);
    return isObject(list) ? list : {};
  }

  private refuse(name: string, expected: string): never {
    throw new GauntletError(
      'MODEL_INVALID',
      `${this.where}: ${name} must be ${expected}, received ${shown(this.fields[name])}`,
    );
  }
}

const dimsOf = (shape: JsonObject): number[] =>
  Array.isArray(shape['dim'])
    ? shape['dim'].map((dim: unknown) => (isObject(dim) ? Number(dim['size']) : NaN))
    : [];

/** Text is in base 64 or a list of character codes. */
function decoded(text: unknown): string {
  if (Array.isArray(text)) return String.fromCharCode(...(text as number[]));
  return isText(text) ? Buffer.from(text, 'base64').toString() : '';
}

/** `node`, `node:1`; a leading ^ only orders the execution. */
export function sourceOf(text: string): Source {
  const [node, output] = text.split(':') as [string, string?];
  return { node, output: Number(output ?? 0) };
}

/**
 * The nodes of a graph model by name.
 * @throws GauntletError MODEL_INVALID where it is not a graph, or a node is not one.
 */
export function readNodes(topology: JsonObject, source: string): Map<string, GraphNode> {
  const { node: nodes } = topology;
  if (!Array.isArray(nodes))
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: modelTopology must have nodes, received ${shown(nodes)}`,
    );
  return new Map(
    nodes.map((node: unknown) => {
      const entry: JsonObject = isObject(node) ? node : {};
      const { name, op, input = [], attr } = entry;
      if (!isText(name) || !isText(op) || !Array.isArray(input) || !input.every(isText))
        throw new GauntletError(
          'MODEL_INVALID',
          `${source}: a node must have a name, an op and inputs, received ${shown(node)}`,
        );
      const inputs = input.filter((from) => !from.startsWith('^')).map(sourceOf);
      const attributes = new NodeAttributes(isObject(attr) ? attr : {}, `${source}: node "${name}" (${op})`);
      return [name, { name, op, inputs, attributes }];
    }),
  );
}

/** The outputs that a file names. */
export function readSignature(signature: unknown): Signature {
  const outputs: unknown = isObject(signature) ? signature['outputs'] : undefined;
  if (!isObject(outputs)) return {};
  const names = Object.values(outputs).map((entry) => (isObject(entry) ? entry['name'] : undefined));
  const found = names.filter(isText).map(sourceOf);
  return found.length === 0 ? {} : { outputs: found };
}
