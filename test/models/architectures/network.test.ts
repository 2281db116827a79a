import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.js';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../../src/engine/runner.js';
import { countFlops } from '../../../src/graph/flops.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { sha256 } from '../../../src/fingerprint.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import { buildNetwork, type NetworkSpec } from '../../../src/models/architectures/network.js';
import {
  builtInArchitectures,
  type BuiltInBackboneSpec,
} from '../../../src/models/architectures/registry.js';
import { keyedStream } from '../../../src/random/keyed.js';
import { floatTensor, type TensorData } from '../../../src/tensor/tensor.js';

type Spec = NetworkSpec & { readonly backbone: Extract<BuiltInBackboneSpec, { kind: 'mlp' | 'cnn' }> };
const mlp: Spec = {
  backbone: { kind: 'mlp', widths: [256, 256] },
  head: 'binenc',
  activation: 'relu',
  input: { shape: [1, 28, 28], mean: [0.13], std: [0.31] },
  numClasses: 10,
};
const cnn: Spec = { ...mlp, backbone: { kind: 'cnn', channels: [16, 32], widths: [128] } };
const fingerprint = ({ buffer }: TensorData) => sha256(new Uint8Array(buffer));
const { heads } = builtInArchitectures;
const headIds = [...heads.keys()];
const build = (spec: NetworkSpec, seed = 0) => buildNetwork(spec, (name) => keyedStream(seed, 0, name));

describe('a network', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntimeEngine();
  });

  it.each(headIds.flatMap((head) => [mlp, cnn].map((spec) => ({ ...spec, head }))))(
    'of $backbone.kind and $head runs and has logits and features of the sizes it declares',
    async (spec) => {
      const { graph, latentWidth } = build(spec);
      const expected =
        heads.get(spec.head)!.defaultUnits === null
          ? spec.backbone.widths.at(-1)
          : spec.head === 'wide-binenc'
            ? 512
            : 32;
      expect(latentWidth).toBe(expected);
      const input = floatTensor(new Float32Array(3 * 784).fill(0.5), [3, 1, 28, 28]);
      const { logits, features } = await runnerOf(engine)(graph, { input });
      expect(logits!.dims).toEqual([3, 10]);
      expect(features!.dims).toEqual([3, expected]);
    },
  );

  it('normalises its input itself', async () => {
    const run = runnerOf(engine);
    const pixels = new Float32Array(784).map((_, i) => (i % 256) / 255);
    const normalised = pixels.map((value) => (value - 0.13) / 0.31);
    const plain = { ...mlp, input: { ...mlp.input, mean: [0], std: [1] } };
    const inside = await run(build(mlp).graph, { input: floatTensor(pixels, [1, 1, 28, 28]) });
    const outside = await run(build(plain).graph, { input: floatTensor(normalised, [1, 1, 28, 28]) });
    const difference = (inside['logits']!.data as Float32Array).map(
      (value, i) => value - (outside['logits']!.data as Float32Array)[i]!,
    );
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('has non-negative features with NonlinPen and ReLU, of both signs with LinPen', async () => {
    const lowest = async (head: string) => {
      const input = floatTensor(keyedStream(0, 0, 'x').fillUniform(new Float32Array(784)), [1, 1, 28, 28]);
      const { features } = await runnerOf(engine)(build({ ...mlp, head }).graph, { input });
      return Math.min(...(features!.data as Float32Array));
    };
    expect(await lowest('nonlinpen')).toBe(0);
    expect(await lowest('linpen')).toBeLessThan(0);
  });
});

describe('initial weights', () => {
  it('are uniform within one over the square root of the fan-in, as in PyTorch', () => {
    const { graph } = build(cnn);
    const fanIns = {
      'backbone.conv1': 9,
      'backbone.conv2': 16 * 9,
      'backbone.dense1': 32 * 49,
      penultimate: 128,
      output: 32,
    };
    for (const [layer, fanIn] of Object.entries(fanIns)) {
      const weight = graph.initializers.get(`${layer}.weight`)!.data as Float32Array;
      const bias = graph.initializers.get(`${layer}.bias`)!.data as Float32Array;
      const bound = 1 / Math.sqrt(fanIn);
      const within = (value: number) => Math.abs(value) <= Math.fround(bound);
      expect(weight.every(within) && bias.every(within)).toBe(true);
      const variance = weight.reduce((sum, value) => sum + value ** 2, 0) / weight.length;
      expect(variance / (bound ** 2 / 3)).toBeGreaterThan(0.75);
      expect(variance / (bound ** 2 / 3)).toBeLessThan(1.25);
    }
  });

  it('of the backbone are the same under every head, and others for another seed', () => {
    const first = (head: string, seed = 0) =>
      fingerprint(build({ ...mlp, head }, seed).graph.initializers.get('backbone.dense1.weight')!.data);
    for (const head of headIds) expect(first(head)).toBe(first('binenc'));
    expect(first('binenc', 1)).not.toBe(first('binenc'));
  });

  it('and so the whole file are the same bytes every time', () => {
    expect(sha256(writeOnnx(build(mlp).graph))).toBe(sha256(writeOnnx(build(mlp).graph)));
  });
});

describe('the small CNN', () => {
  it.each([
    [1, 28],
    [3, 32],
  ])('costs at most 0.01 GFLOP per image of %i x %i^2, forward and gradient', async (channels, size) => {
    const moments = { mean: Array<number>(channels).fill(0.5), std: Array<number>(channels).fill(0.2) };
    const { graph } = build({ ...cnn, input: { shape: [channels, size, size], ...moments } });
    const shapes = await inferShapes(graph, runnerOf(await createOnnxRuntimeEngine()));
    // The input gradient has the same products as the forward pass.
    expect(2 * countFlops(graph, shapes)).toBeLessThanOrEqual(0.01e9);
  });
});

describe('a network on images that are too small', () => {
  it('is refused, naming the size at which nothing is left to pool', () => {
    const backbone = { kind: 'cnn', channels: [2, 2, 2], widths: [] } as const;
    const tiny = { ...cnn, backbone, input: { ...cnn.input, shape: [1, 4, 4] } } as const;
    expect(() => build(tiny)).toThrow(/nothing is left to pool of images that are 1 x 1/);
  });
});

describe('cosine logits', () => {
  it('are the scale times the cosine, within it, whatever the length of the features', async () => {
    const run = runnerOf(await createOnnxRuntimeEngine());
    const spec: Spec = { ...mlp, head: 'linpen', cosine: { scale: 32 } };
    const pixels = keyedStream(0, 0, 'x').fillUniform(new Float32Array(784));
    const { logits } = await run(build(spec).graph, { input: floatTensor(pixels, [1, 1, 28, 28]) });
    const largest = Math.max(...Array.from(logits!.data as Float32Array, Math.abs));
    expect(largest).toBeLessThanOrEqual(32);
    expect(largest).toBeGreaterThan(1);
  });
});
