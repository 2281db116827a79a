import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { GauntletError } from '../../src/errors.js';
import { readOnnx } from '../../src/graph/onnx/read.js';
import type { ArchitecturePlugin } from '../../src/models/architectures/define.js';
import {
  allArchitectures,
  architecturesOf,
  builtInArchitectures,
} from '../../src/models/architectures/registry.js';
import { readCard } from '../../src/models/card.js';
import { importPlugin } from '../../src/plugin/load.js';
import { trainingOf } from '../../src/train/card.js';
import { parseRecipe } from '../../src/train/recipe.js';
import { prepare, tinyRecipe } from './tiny-training.js';

const fixture = async (name: string) =>
  (await importPlugin(join(import.meta.dirname, `../fixtures/plugins/${name}.mjs`))) as ArchitecturePlugin;
const [strided, bounded, throwing] = [
  await fixture('strided'),
  await fixture('bounded'),
  await fixture('architecture-throws'),
];
const together = (...own: ArchitecturePlugin[]) =>
  architecturesOf([...allArchitectures(builtInArchitectures), ...own]);
const architectures = together(strided, bounded, throwing);

const network = {
  backbone: { kind: 'strided', channels: [4, 6] },
  head: 'bounded',
  activation: 'relu',
};
const textOf = (changes: object) => stringify({ ...tinyRecipe, network: { ...network, ...changes } });

function failureOf(changes: object, known = architectures): string {
  try {
    parseRecipe(textOf(changes), 'r.yaml', known);
  } catch (error) {
    if (error instanceof GauntletError && error.key === 'RECIPE_INVALID') return error.message;
  }
  throw new Error('the recipe was accepted');
}

describe('a recipe that names architectures of its reader', () => {
  it('gets the defaults of their parameters', () => {
    const { backbone } = parseRecipe(textOf({}), 'r.yaml', architectures).network;
    expect(backbone).toEqual({ kind: 'strided', channels: [4, 6], normalise: true });
    const plain = { backbone: { ...network.backbone, normalise: false } };
    expect(parseRecipe(textOf(plain), 'r.yaml', architectures).network.backbone).toEqual({
      ...{ kind: 'strided', channels: [4, 6], normalise: false },
    });
  });

  it.each<[string, object, string]>([
    [
      'an unknown parameter',
      { backbone: { ...network.backbone, depth: 3 } },
      'network.backbone.depth: there is no property "depth" here.',
    ],
    [
      'a parameter missing',
      { backbone: { kind: 'strided' } },
      'network.backbone: the property "channels" is missing.',
    ],
    [
      'a parameter out of range',
      { backbone: { kind: 'strided', channels: [0] } },
      'network.backbone.channels[0]: must be >= 1.',
    ],
    [
      'an unknown backbone',
      { backbone: { kind: 'strided-net' } },
      'network.backbone.kind: must be one of "mlp", "cnn", "resnet", "resnet18", "resnet50", "strided", "architecture-throws"',
    ],
    [
      'a slip in the name of the backbone',
      { backbone: { kind: 'stride' } },
      '"architecture-throws"; did you mean "strided"?',
    ],
    [
      'no kind of backbone',
      { backbone: { channels: [1] } },
      'network.backbone: the property "kind" is missing.',
    ],
    ['an unknown head', { head: 'bound' }, 'network.head: must be one of "binenc", '],
  ])('with %s is refused, with the line', (_what, changes, message) => {
    const found = failureOf(changes);
    expect(found).toMatch(/^r\.yaml:\d+:\d+: network\./);
    expect(found).toContain(message);
  });

  it('is refused where they are not handed in, and says which there are', () => {
    const found = failureOf({}, builtInArchitectures);
    expect(found).toContain('must be one of "mlp", "cnn", "resnet", "resnet18", "resnet50".');
    expect(failureOf({ head: 'x' })).toContain('"dropout-nopen", "bounded"');
  });

  it('is held to what the head wants', () => {
    const text = stringify({ ...tinyRecipe, network, penalty: undefined });
    expect(() => parseRecipe(text, 'r.yaml', architectures)).toThrow('Bounded needs a penalty');
  });
});

describe('a network of such a recipe', () => {
  it('is trained, its card names what is not built in, and its file needs nothing else', async () => {
    const { train } = prepare({ network, epochs: 3 });
    const { modelPath, cardPath } = await train({ architectures });
    const training = trainingOf(await readCard(cardPath))!;
    expect(training.head).toBe('Bounded');
    expect(training.architectures).toEqual([
      { part: 'backbone', id: 'strided', version: '1.0.0' },
      { part: 'head', id: 'bounded', version: '1.0.0' },
    ]);
    const { loss } = training.curves;
    expect(loss!.at(-1)).toBeLessThan(loss![0]!);
    const graph = readOnnx(readFileSync(modelPath), modelPath);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['input']);
    expect(graph.outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ['logits', ['batch', 10]],
      ['features', ['batch', 6]],
    ]);
    expect(new Set(graph.nodes.map(({ domain }) => domain))).toEqual(new Set(['']));
  });

  it('of another version does not go on from the checkpoint', async () => {
    const { train } = prepare({ network });
    const stop = new AbortController();
    const stopped = train({
      architectures,
      signal: stop.signal,
      onEpoch: () => stop.abort(new Error('stop')),
    });
    await expect(stopped).rejects.toThrow('stop');
    const newer = { ...strided, metadata: { ...strided.metadata, version: '1.1.0' } } as ArchitecturePlugin;
    await expect(train({ architectures: together(newer, bounded) })).rejects.toMatchObject({
      key: 'CHECKPOINT_MISMATCH',
    });
  });

  it('that throws blames the plugin by name', async () => {
    const { train } = prepare({ network: { ...network, backbone: { kind: 'architecture-throws' } } });
    await expect(train({ architectures })).rejects.toMatchObject({
      key: 'PLUGIN_FAILED',
      message: 'the backbone "architecture-throws" threw while it was built: no layer today',
    });
  });
});
