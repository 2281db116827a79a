import * as converter from '@tensorflow/tfjs-converter';
import { elementCount } from '../../../src/tensor/tensor.js';
import { randomFloats } from '../../fixtures/graphs.js';
import { tf } from '../../reference-tfjs/tfjs.js';
import type { SavedModel } from './saved.js';

type Json = Record<string, unknown>;

const text = (value: string): string => Buffer.from(value).toString('base64');

/** Attributes as a GraphDef in JSON has them. */
export const attribute = {
  word: (value: string): Json => ({ s: text(value) }),
  words: (...values: string[]): Json => ({ list: { s: values.map(text) } }),
  integers: (...values: number[]): Json => ({ list: { i: values.map(String) } }),
  integer: (value: number): Json => ({ i: String(value) }),
  float: (value: number): Json => ({ f: value }),
  flag: (value: boolean): Json => ({ b: value }),
  type: (value: string): Json => ({ type: value }),
};

/** Writes a graph of TensorFlow's operations by hand, its constants random unless given. */
export class GraphFile {
  private readonly nodes: Json[] = [];
  private readonly weights: {
    name: string;
    shape: number[];
    dtype: 'float32' | 'int32';
    data: Uint8Array;
  }[] = [];

  constructor(readonly shape: readonly number[]) {
    const dim = [-1, ...shape].map((size) => ({ size: String(size) }));
    const attr = { dtype: attribute.type('DT_FLOAT'), shape: { shape: { dim } } };
    this.nodes.push({ name: 'x', op: 'Placeholder', attr });
  }

  /** Adds a node and gives the name of its first output. */
  add(op: string, input: readonly string[], attr: Json = {}): string {
    const name = `${op}_${this.nodes.length}`;
    this.nodes.push({ name, op, input, attr: { T: attribute.type('DT_FLOAT'), ...attr } });
    return name;
  }

  floats(shape: readonly number[], values = randomFloats(this.nodes.length, elementCount(shape))): string {
    return this.constant(shape, 'float32', Float32Array.from(values));
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant(shape, 'int32', Int32Array.from(values));
  }

  private constant(
    shape: readonly number[],
    dtype: 'float32' | 'int32',
    values: Float32Array | Int32Array,
  ): string {
    const name = `constant_${this.nodes.length}/value`;
    const type = attribute.type(dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT');
    this.nodes.push({ name, op: 'Const', attr: { dtype: type } });
    const data = new Uint8Array(values.buffer);
    this.weights.push({ name, shape: [...shape], dtype, data });
    return name;
  }

  /** The file, asked for that value. */
  file(output: string): SavedModel & { readonly json: Json } {
    const weightSpecs = this.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    return {
      topology: { node: this.nodes, versions: {} },
      weightSpecs,
      weightData: Buffer.concat(this.weights.map(({ data }) => data)),
      json: {
        format: 'graph-model',
        signature: { inputs: { x: { name: 'x:0' } }, outputs: { scores: { name: `${output}:0` } } },
      },
    };
  }
}

/** The file as TensorFlow.js runs it. */
export async function inTfjs({ topology, weightSpecs, weightData, json }: ReturnType<GraphFile['file']>) {
  const model = await converter.loadGraphModel(
    tf.io.fromMemory({
      ...{ modelTopology: structuredClone(topology), weightSpecs: [...weightSpecs], format: 'graph-model' },
      weightData: Uint8Array.from(weightData).buffer,
      signature: json['signature'] as object,
    }),
  );
  return (x: tf.Tensor): tf.Tensor => model.execute(x) as tf.Tensor;
}
