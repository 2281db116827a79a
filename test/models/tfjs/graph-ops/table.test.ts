import { describe, expect, it } from '@jest/globals';
import { opLowerings } from '../../../../src/models/tfjs/graph-ops/index.js';
import { convolutionCases } from '../graph-cases/convolution.js';
import { elementwiseCases } from '../graph-cases/elementwise.js';
import { shapingCases } from '../graph-cases/shaping.js';
import { spatialCases } from '../graph-cases/spatial.js';
import { GraphFile } from '../graph-file.js';

const cases = [convolutionCases, elementwiseCases, shapingCases, spatialCases].flatMap((some) =>
  Object.values(some),
);

describe('the table of operations', () => {
  it('holds none that is not compared with TensorFlow.js', () => {
    const compared = new Set(
      cases.flatMap(({ shape, build }) => {
        const graph = new GraphFile(shape);
        const { topology } = graph.file(build(graph)) as unknown as { topology: { node: { op: string }[] } };
        return topology.node.map(({ op }) => op);
      }),
    );
    const others = [...opLowerings.keys()].filter((op) => !compared.has(op)).sort();
    // Older names of FusedBatchNormV3, and what is left of training.
    expect(others).toEqual(['FusedBatchNorm', 'FusedBatchNormV2', 'StopGradient']);
  });
});
