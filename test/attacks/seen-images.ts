import type { Dataset } from '../../src/data/dataset.js';
import type { Graph } from '../../src/graph/ir.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { classifierOf } from '../classifier/loaded.js';

/** Images in memory, labelled as the network in the graph sees them. */
export async function seenImages(
  graph: Graph,
  shape: readonly number[],
  data: Float32Array,
): Promise<Dataset> {
  const size = elementCount(shape);
  const length = data.length / size;
  const classifier = await classifierOf(graph);
  const keys = Array.from({ length }, (_value, i) => i);
  const labels = await classifier.predict({ shape, data, keys });
  const { numClasses } = classifier;
  await classifier.dispose();
  return {
    ...{ id: 'seen', split: 'test', length, shape, numClasses, fingerprint: 'f'.repeat(64) },
    read: (indices) =>
      Promise.resolve({
        ...{ shape, keys: [...indices] },
        data: Float32Array.from(
          indices.flatMap((index) => [...data.subarray(index * size, (index + 1) * size)]),
        ),
        labels: Int32Array.from(indices, (index) => labels[index]!),
      }),
  };
}
