import type { DataType, Tensor } from '../tensor/tensor.js';

/** An attribute of a node; `value` is typed by `type`, as in ONNX's AttributeProto. */
export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] };

/** One operator application. An empty string among `inputs` or `outputs` is an absent optional one. */
export interface Node {
  readonly name: string;
  readonly op: string;
  /** '' is the standard ONNX domain. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A dimension of a graph's input or output: fixed, or named because it is only known at run time. */
export type Dimension = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly Dimension[];
  /**
   * What the graph leaves for the engine to find, on outputs only: the shape with its rank (`dims` is then empty), or
   * the type and the shape (`type` then means nothing either).
   */
  readonly undeclared?: 'shape' | 'type and shape';
}

/**
 * A computation in memory: the ONNX graph, nothing else. Nodes stand in topological order, every value has one
 * producer (an input, an initializer or a node). Graphs are immutable; passes return new ones that may share parts.
 */
export interface Graph {
  readonly name: string;
  /** Operator-set version per domain; the standard domain is ''. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Runtime inputs only: an initializer is not listed here even if the file lists it. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** The batch dimension's name wherever Gauntlet itself names it. */
export const BATCH = 'batch';

/**
 * A dimension of an intermediate value: a number, or `{ batch: k }` meaning k times the batch size.
 * Found by running the graph at two batch sizes (see shapes.ts).
 */
export type InferredDim = number | { readonly batch: number };

/** Type and shape of every value of a graph (inputs, initializers and node outputs). */
export type Shapes = ReadonlyMap<string, { readonly type: DataType; readonly dims: readonly InferredDim[] }>;

/** Runs a graph once and returns the requested values; graph code receives the engine only through this. */
export type GraphRunner = (
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;
