import { describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { ops } from '../../fixtures/engine.js';
import { chain, conv, tfl, type Symbolic } from './cases/layer-case.js';
import { randomise, saved, write, type SavedModel } from './saved.js';
import { agreement, apply, expectAgreement, graphOf, ofGraph, ofTfjs, question } from './witness.js';

type Json = Record<string, unknown>;

/** Holds a model, saved and read, to what TensorFlow.js computes; gives the graph it was read as. */
async function matches(
  model: layers.LayersModel,
  change = (file: SavedModel): SavedModel => file,
  shards = 1,
) {
  randomise(model, 5);
  const { shape } = model.inputs[0]!;
  const asked = question(shape.slice(1) as number[], model.outputs[0]!.shape[1]!);
  const graph = graphOf(write(change(await saved(model)), shards));
  expectAgreement(agreement(await ofGraph(graph, asked), ofTfjs(apply(model), asked), asked));
  return graph;
}

const withTopology =
  (change: (topology: Json) => Json) =>
  (file: SavedModel): SavedModel => ({ ...file, topology: change(structuredClone(file.topology) as Json) });

const sequence = () =>
  layers.sequential({
    layers: [
      tfl.conv2d({ inputShape: [6, 6, 2], filters: 3, kernelSize: 3, activation: 'relu' }),
      tfl.batchNormalization(),
      tfl.flatten(),
      tfl.dense({ units: 4 }),
    ],
  });

const network = (shape: number[], build: (x: Symbolic) => Symbolic): layers.LayersModel => {
  const inputs = layers.input({ shape });
  return layers.model({ inputs, outputs: build(inputs) });
};

const head = (x: Symbolic): Symbolic =>
  chain(
    () => tfl.flatten(),
    () => tfl.dense({ units: 4 }),
  )(x);

describe('a layers model is read', () => {
  it('as a sequence', async () => {
    const graph = await matches(sequence());
    expect(ops(graph)).toEqual(['Transpose', 'Conv', 'Relu', 'BatchNormalization', 'Flatten', 'Gemm']);
  });

  it('as a sequence that begins with an input layer', async () => {
    await matches(
      layers.sequential({
        layers: [tfl.inputLayer({ inputShape: [5] }), tfl.dense({ units: 4, activation: 'tanh' })],
      }),
    );
  });

  it('as a sequence in the form of older files, a mere list', async () => {
    await matches(
      sequence(),
      withTopology(({ config, ...rest }) => ({ ...rest, config: (config as Json)['layers'] })),
    );
  });

  it('with the topology inside a model_config, as Keras has it', async () => {
    await matches(
      sequence(),
      withTopology((topology) => ({ keras_version: '2.15.0', model_config: topology })),
    );
  });

  it('with settings in the spelling of TensorFlow.js', async () => {
    const camel = (text: string): string =>
      text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const renamed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(renamed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), renamed(inner)]))
          : value;
    await matches(
      network([6, 6, 2], (x) => head(conv().apply(x) as Symbolic)),
      withTopology((topology) => renamed(topology) as Json),
    );
  });

  it('from several shards', async () => {
    await matches(sequence(), undefined, 3);
  });

  it('with a layer that is called twice, its weights once', async () => {
    const graph = await matches(
      network([5, 5, 4], (x) => {
        const shared = conv();
        const twice = shared.apply(shared.apply(x) as Symbolic) as Symbolic;
        return head(tfl.add().apply([twice, shared.apply(x) as Symbolic]) as Symbolic);
      }),
    );
    expect([...graph.initializers.keys()].filter((name) => name.includes('conv'))).toHaveLength(2);
    expect(ops(graph).filter((op) => op === 'Conv')).toHaveLength(3);
  });

  it('with a model inside that is called twice', async () => {
    const inner = network([5, 5, 4], (x) => chain(conv, conv)(x));
    const graph = await matches(
      network([5, 5, 4], (x) => {
        const once = inner.apply(x) as Symbolic;
        return head(tfl.multiply().apply([once, inner.apply(once) as Symbolic]) as Symbolic);
      }),
    );
    expect([...graph.initializers.keys()].filter((name) => name.includes('conv'))).toHaveLength(4);
  });

  it('with a model of two outputs inside', async () => {
    const inputs = layers.input({ shape: [6] });
    const outputs = [3, 5].map((units) => tfl.dense({ units, activation: 'tanh' }).apply(inputs) as Symbolic);
    const inner = layers.model({ inputs, outputs });
    await matches(
      network([6], (x) => {
        const [three, five] = inner.apply(x) as Symbolic[];
        return tfl.dense({ units: 4 }).apply(tfl.concatenate().apply([five!, three!])) as Symbolic;
      }),
    );
  });

  it('with a sequence inside a sequence, first and later', async () => {
    const first = layers.sequential({
      layers: [tfl.dense({ units: 6, inputShape: [5], activation: 'relu' })],
    });
    const later = layers.sequential({
      layers: [tfl.dense({ units: 4, inputShape: [6], activation: 'tanh' })],
    });
    await matches(layers.sequential({ layers: [first, later, tfl.dense({ units: 3 })] }));
  });

  it('with its layers in any order', async () => {
    await matches(
      network([6, 6, 2], (x) => head(chain(conv, conv)(x))),
      withTopology((topology) => {
        const config = topology['config'] as Json;
        return { ...topology, config: { ...config, layers: (config['layers'] as Json[]).toReversed() } };
      }),
    );
  });
});

describe('the graph of a layers model', () => {
  it('names values and weights after the layers', async () => {
    const model = network([6, 6, 2], (x) => {
      const image = tfl.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', name: 'stem' }).apply(x);
      return tfl
        .dense({ units: 4, name: 'scores' })
        .apply(tfl.flatten({ name: 'latent' }).apply(image)) as Symbolic;
    });
    const graph = graphOf(write(await saved(model)));
    expect(graph.nodes.map((node) => node.outputs[0])).toEqual([
      ...['stem/Transpose', 'stem/Conv', 'stem', 'latent', 'scores'],
    ]);
    expect(graph.nodes.map((node) => node.name)).toEqual(graph.nodes.map((node) => node.outputs[0]));
    expect([...graph.initializers.keys()]).toEqual(expect.arrayContaining(['stem/kernel', 'scores/bias']));
    expect(graph.outputs.map(({ name }) => name)).toEqual(['scores']);
  });

  it('moves no axis of images of one channel, and those of others once', async () => {
    const deep = (x: Symbolic): Symbolic => {
      const image = chain(
        conv,
        () => tfl.batchNormalization(),
        () => tfl.maxPooling2d({ poolSize: 2 }),
        conv,
      )(x);
      const sum = tfl.add().apply([image, chain(conv, () => tfl.leakyReLU())(image)]) as Symbolic;
      return head(tfl.concatenate().apply([sum, image]) as Symbolic);
    };
    for (const [channels, moves] of [
      [1, 0],
      [3, 1],
    ] as const) {
      const graph = graphOf(write(await saved(network([8, 8, channels], deep))));
      expect(ops(graph).filter((op) => op === 'Transpose')).toHaveLength(moves);
    }
  });

  it('takes one input per input layer, and gives one output per output layer', async () => {
    const [a, b] = [layers.input({ shape: [3] }), layers.input({ shape: [3] })];
    const sum = tfl.add({ name: 'sum' }).apply([a, b]) as Symbolic;
    const model = layers.model({
      inputs: [a, b],
      outputs: [sum, tfl.dense({ units: 2, name: 'two' }).apply(sum) as Symbolic],
    });
    const graph = graphOf(write(await saved(model)));
    expect(graph.inputs.map(({ dims }) => dims)).toEqual([
      ['batch', 3],
      ['batch', 3],
    ]);
    expect(graph.outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ['sum', ['batch', 3]],
      ['two', ['batch', 2]],
    ]);
  });
});
