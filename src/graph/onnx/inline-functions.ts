import { clone, create, type Message } from '@bufbuild/protobuf';
import { GauntletError } from '../../errors.js';
import {
  GraphProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from './generated/onnx_pb.js';

/** Functions that call functions; exporters nest a handful. */
const DEEPEST = 64;

/**
 * The model's graph with every call of one of the model's own functions replaced by the function's body (onnx.proto, message
 * FunctionProto; PyTorch's dynamo exporter and onnxscript write such functions). Values inside a body get the name of the
 * calling node in front.
 *
 * @throws GauntletError MODEL_INVALID for functions that call themselves, and for one that imports a version of the standard
 *   operators that the model does not.
 */
export function inlineFunctions(model: ModelProto): GraphProto {
  const graph = model.graph!;
  if (model.functions.length === 0) return graph;
  const functions = new Map(
    model.functions.map((definition) => [keyOf(definition, definition.name), definition]),
  );
  requireSameOperators(model);
  const taken = new Set<string>();
  collectNames(graph, taken);
  return new Inliner(functions, taken).graph(graph, 0);
}

/** A copy with other fields. A mere spread would lose the defaults, which are on the message's prototype. */
const changed = <M extends Message>(message: M, fields: Partial<M>): M =>
  Object.assign(Object.create(Object.getPrototypeOf(message) as object) as M, message, fields);

/** What identifies a function: domain, name and overload. */
const keyOf = ({ domain, overload }: { domain: string; overload: string }, name: string): string =>
  JSON.stringify([domain === 'ai.onnx' ? '' : domain, name, overload]);

function requireSameOperators(model: ModelProto): void {
  const versionIn = (imports: ModelProto['opsetImport']): bigint | undefined =>
    imports.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version;
  const version = versionIn(model.opsetImport);
  for (const { name, opsetImport } of model.functions) {
    const own = versionIn(opsetImport);
    if (own === undefined || version === undefined || own === version) continue;
    throw new GauntletError(
      'MODEL_INVALID',
      `function "${name}" is written in operator set ${own}, the model that calls it in ${version}`,
      { help: 'Inline the functions when exporting (onnx.inliner.inline_local_functions).' },
    );
  }
}

function collectNames(graph: GraphProto, into: Set<string>): void {
  for (const { name } of [...graph.input, ...graph.initializer]) into.add(name);
  for (const node of graph.node) {
    for (const output of node.output) into.add(output);
    for (const body of bodiesOf(node)) collectNames(body, into);
  }
}

const bodiesOf = (node: NodeProto): GraphProto[] =>
  node.attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]));

class Inliner {
  constructor(
    private readonly functions: ReadonlyMap<string, FunctionProto>,
    private readonly taken: Set<string>,
  ) {}

  graph(graph: GraphProto, depth: number): GraphProto {
    const node = graph.node.flatMap((item) => this.node(item, depth));
    return changed(graph, { node });
  }

  private node(node: NodeProto, depth: number): NodeProto[] {
    const definition = this.functions.get(keyOf(node, node.opType));
    if (definition !== undefined) return this.call(node, definition, depth);
    if (bodiesOf(node).length === 0) return [node];
    const attribute = node.attribute.map((item) =>
      item.g === undefined ? item : changed(item, { g: this.graph(item.g, depth) }),
    );
    return [changed(node, { attribute })];
  }

  private call(node: NodeProto, definition: FunctionProto, depth: number): NodeProto[] {
    if (depth >= DEEPEST)
      throw new GauntletError(
        'MODEL_INVALID',
        `function "${definition.name}" calls itself, or too many others`,
      );
    const prefix = node.name === '' ? (node.output[0] ?? definition.name) : node.name;
    const renaming = new Map<string, string>([['', '']]);
    definition.input.forEach((name, i) => renaming.set(name, node.input[i] ?? ''));
    const passed = definition.output.map((name, i) => ({ name, as: node.output[i] ?? '' }));
    // An output that is an input too, or listed twice, or that the caller leaves out keeps a name of its own.
    for (const { name, as } of passed) if (as !== '' && !renaming.has(name)) renaming.set(name, as);
    const attributes = attributesOf(node, definition);
    const body = definition.node.map((item) => this.instance(item, { prefix, renaming, attributes }));
    const copies = passed
      .filter(({ name, as }) => as !== '' && renaming.get(name) !== as)
      .map(({ name, as }) =>
        create(NodeProtoSchema, {
          name: as,
          opType: 'Identity',
          input: [renaming.get(name) ?? ''],
          output: [as],
        }),
      );
    return [...body, ...copies].flatMap((item) => this.node(item, depth + 1));
  }

  /** A node of a function's body as it stands in the caller. */
  private instance(node: NodeProto, call: Call): NodeProto {
    return changed(node, {
      name: node.name === '' ? '' : `${call.prefix}/${node.name}`,
      input: node.input.map((name) => this.rename(name, call)),
      output: node.output.map((name) => this.rename(name, call)),
      attribute: node.attribute.flatMap((item) => this.attribute(item, call)),
    });
  }

  private rename(name: string, { prefix, renaming }: Call): string {
    const known = renaming.get(name);
    if (known !== undefined) return known;
    let fresh = `${prefix}/${name}`;
    for (let i = 1; this.taken.has(fresh); i++) fresh = `${prefix}/${name}_${i}`;
    this.taken.add(fresh);
    renaming.set(name, fresh);
    return fresh;
  }

  private attribute(item: AttributeProto, call: Call): AttributeProto[] {
    if (item.refAttrName !== '') {
      const given = call.attributes.get(item.refAttrName);
      return given === undefined ? [] : [changed(given, { name: item.name })];
    }
    if (item.g === undefined) return [item];
    const g = clone(GraphProtoSchema, item.g);
    for (const value of [...g.input, ...g.output, ...g.initializer])
      value.name = this.rename(value.name, call);
    g.node = g.node.map((node) => this.instance(node, call));
    return [changed(item, { g })];
  }
}

/** One call of a function. */
interface Call {
  /** Put in front of names. */
  readonly prefix: string;
  /** What values of the body are called in the caller; filled as they are met. */
  readonly renaming: Map<string, string>;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

/** Attributes of the call, the function's defaults where it gives none. */
function attributesOf(node: NodeProto, definition: FunctionProto): Map<string, AttributeProto> {
  return new Map([...definition.attributeProto, ...node.attribute].map((item) => [item.name, item]));
}
