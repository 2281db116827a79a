import { describe, expect, it } from '@jest/globals';
import { forwardFlops } from '../../src/bench/flops.js';
import { benchNetworks } from '../../src/bench/models.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../src/engine/runner.js';
import { inferShapes } from '../../src/graph/shapes.js';
import { buildNetwork } from '../../src/models/architectures/network.js';
import { keyedStream } from '../../src/random/keyed.js';

async function flopsOf(id: keyof typeof benchNetworks): Promise<number> {
  const { graph } = buildNetwork(benchNetworks[id], (name) => keyedStream(0, 0, name));
  return forwardFlops(graph, await inferShapes(graph, runnerOf(await createOnnxRuntimeEngine())));
}

describe('operations of a forward pass', () => {
  it('of the MLP are two per weight of its dense layers', async () => {
    expect(await flopsOf('mlp')).toBe(2 * (784 * 256 + 256 * 256 + 256 * 32 + 32 * 10));
  });

  it('of the CNN count each kernel once per output pixel', async () => {
    const convolutions = 28 * 28 * 9 * 16 + 14 * 14 * 9 * 16 * 32;
    const dense = 7 * 7 * 32 * 128 + 128 * 32 + 32 * 10;
    expect(await flopsOf('cnn')).toBe(2 * (convolutions + dense));
  });
});
