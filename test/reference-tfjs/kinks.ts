import type { Graph, Node } from '../../src/graph/ir.js';
import type { FloatTensor } from '../../src/tensor/tensor.js';

/**
 * How near each example comes to a point where the gradient jumps, relative to the largest value beside it. Two engines
 * that round differently may land on different sides of a kink nearer than float32 resolves, and then rightly return
 * different one-sided gradients.
 *
 * - Relu: the smallest |pre-activation| over the largest;
 * - MaxPool without padding: the smallest gap between a window's two largest values over the largest value.
 *
 * A gap of exactly zero below a Relu (two dead units) is no kink: both get no gradient.
 */
export function distanceToKinks(
  graph: Graph,
  values: ReadonlyMap<string, FloatTensor>,
  count: number,
): Float64Array {
  const nearest = new Float64Array(count).fill(Infinity);
  for (const node of graph.nodes) {
    const distance = DISTANCES[node.op];
    if (distance === undefined) continue;
    const { data, dims } = values.get(node.inputs[0]!)!;
    const width = data.length / count;
    for (let row = 0; row < count; row++) {
      const example = data.subarray(row * width, (row + 1) * width);
      nearest[row] = Math.min(nearest[row]!, distance(example, node, dims));
    }
  }
  return nearest;
}

type Distance = (example: Float32Array, node: Node, dims: readonly number[]) => number;

const largest = (example: Float32Array): number =>
  example.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

const DISTANCES: Readonly<Record<string, Distance>> = {
  Relu: (example) =>
    example.reduce((min, value) => Math.min(min, Math.abs(value)), Infinity) / largest(example),
  MaxPool: (example, node, dims) => {
    const [, channels, height, width] = dims as [number, number, number, number];
    const { kernel_shape: kernel, strides } = node.attributes;
    if (kernel?.type !== 'ints' || strides?.type !== 'ints')
      throw new Error('MaxPool without kernel or strides');
    const [kernelHeight, kernelWidth] = kernel.value as [number, number];
    const [down, right] = strides.value as [number, number];
    let smallest = Infinity;
    for (let channel = 0; channel < channels; channel++) {
      for (let top = 0; top + kernelHeight <= height; top += down) {
        for (let left = 0; left + kernelWidth <= width; left += right) {
          const window: number[] = [];
          for (let y = top; y < top + kernelHeight; y++) {
            for (let x = left; x < left + kernelWidth; x++)
              window.push(example[(channel * height + y) * width + x]!);
          }
          const [first, second] = window.sort((a, b) => b - a) as [number, number];
          if (first !== 0 || second !== 0) smallest = Math.min(smallest, first - second);
        }
      }
    }
    return smallest / largest(example);
  },
};
