import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defineArchitecture, type BackbonePlugin, type LayerBuilder } from '../../src/plugin/index.js';
import { importPlugin } from '../../src/plugin/load.js';
import { architectureContract } from '../../src/plugin/testing.js';

const fixture = (name: string) => importPlugin(join(import.meta.dirname, `../fixtures/plugins/${name}.mjs`));
const [strided, bounded] = [await fixture('strided'), await fixture('bounded')];
const shapes = [[1, 6, 6]] as const;

describe('the contract of architectures', () => {
  it.each([
    ['a backbone', strided, { channels: [2, 3] }],
    ['a backbone without its normalisation', strided, { channels: [3], normalise: false }],
    ['a head', bounded, {}],
  ])('is kept by %s', async (_what, plugin, parameters) => {
    const checks = architectureContract(plugin, { parameters, shapes: [...shapes, [3, 5, 7]] });
    expect(checks).toHaveLength(1 + 2 * 7);
    for (const { run } of checks) await run();
  });

  type Build = BackbonePlugin['build'];
  const backbone = (build: Build): BackbonePlugin =>
    defineArchitecture({
      ...{ kind: 'architecture', part: 'backbone' },
      metadata: { id: 'mine', title: 'Mine', summary: 'one that is wrong', version: '1.0.0', apiVersion: 1 },
      parameters: { type: 'object', additionalProperties: false, properties: {} },
      build,
    });
  const dense = (layers: LayerBuilder, x: Parameters<Build>[1], name = 'backbone.dense') =>
    layers.dense(name, layers.flatten(x), 5);
  let draws = 0;

  it.each<[string, Build, string, string]>([
    [
      'declares another width than it has',
      (layers, x) => ({ ...layers.flatten(x), width: 5 }),
      'sizes it declares',
      'Gemm',
    ],
    [
      'gives no width',
      (layers, x) => ({ value: dense(layers, x).value }) as never,
      'sizes it declares',
      'the backbone "mine" must give the name (`value`) and the `width` of a matrix; it gave {"value":',
    ],
    [
      'calls two layers the same',
      (layers, x) => layers.dense('backbone.dense', dense(layers, x), 5),
      'unique names',
      'two layers of one network have a parameter "backbone.dense.weight"',
    ],
    [
      'calls a layer as the output layer is called',
      (layers, x) => dense(layers, x, 'output'),
      'unique names',
      'the parameters of the backbone "mine" must have names that begin with "backbone.", received "output.weight"',
    ],
    [
      'draws its own numbers',
      (layers, x) => {
        const { value, width } = dense(layers, x);
        return { value: layers.builder.add('Mul', [value, layers.builder.scalar(++draws)]), width };
      },
      'starts from the same weights',
      'built twice, it is not the same network',
    ],
    [
      'normalises over the batch',
      (layers, x) => {
        const { value, width } = dense(layers, x);
        const mean = layers.builder.add('ReduceMean', [value], { axes: { type: 'ints', value: [0] } });
        return { value: layers.builder.add('Sub', [value, mean]), width };
      },
      'treats every image by itself',
      'logits of an image depend on the others of its batch',
    ],
    [
      'leaves a layer out',
      (layers, x) => {
        dense(layers, x, 'backbone.unused');
        return dense(layers, x);
      },
      'gradient for every parameter',
      '"backbone.unused.weight" has no effect on the loss',
    ],
    [
      'rounds',
      (layers, x) => {
        const { value, width } = dense(layers, x);
        return { value: layers.builder.add('Round', [value]), width };
      },
      'gradient for every parameter',
      'Round',
    ],
    [
      'leaves what float32 can hold',
      (layers, x) => {
        const { value, width } = dense(layers, x);
        const large = layers.builder.scalar(1e30);
        return {
          value: layers.builder.add('Mul', [layers.builder.add('Mul', [value, large]), large]),
          width,
        };
      },
      'gradient for every parameter',
      'is not finite',
    ],
    [
      'throws',
      () => {
        throw new Error('no layer today');
      },
      'sizes it declares',
      'the backbone "mine" threw while it was built: no layer today',
    ],
  ])('is broken by a backbone that %s', async (_what, build, rule, reason) => {
    const checks = architectureContract(backbone(build), { shapes });
    const check = checks.find(({ name }) => name.includes(rule))!;
    await expect(check.run()).rejects.toThrow(reason);
  });

  it.each<[string, unknown, string]>([
    ['that is no plugin', {}, '`kind` must be one of'],
    [
      'of another kind',
      { ...strided, part: 'neck' },
      '`part` must be one of backbone, head; received "neck"',
    ],
    [
      'whose parameters have no values',
      strided,
      'other parameters: (root): the property "channels" is missing',
    ],
  ])('says of one %s just that', async (_what, plugin, reason) => {
    const checks = architectureContract(plugin);
    expect(checks).toHaveLength(1);
    await expect(checks[0]!.run()).rejects.toThrow(reason);
  });
});
