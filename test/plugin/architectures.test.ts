import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GauntletError } from '../../src/errors.js';
import { builtInArchitectures } from '../../src/models/architectures/registry.js';
import { defineArchitecture, type VectorValue } from '../../src/plugin/index.js';
import { importPlugin } from '../../src/plugin/load.js';
import {
  knownArchitectures,
  listArchitectures,
  loadPlugin,
  registerPlugin,
} from '../../src/plugin/registry.js';

const fixture = (name: string) => join(import.meta.dirname, `../fixtures/plugins/${name}.mjs`);
const metadata = { id: 'my-net', title: 'Mine', summary: 'a net of mine', version: '1.0.0', apiVersion: 1 };

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((take) => take()));

function errorOf(work: () => unknown): GauntletError {
  try {
    work();
  } catch (error) {
    if (error instanceof GauntletError) return error;
  }
  throw new Error('it did not fail');
}

const backbone = {
  kind: 'architecture',
  part: 'backbone',
  metadata,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['width'],
    properties: {
      width: { type: 'integer', minimum: 1, description: 'Units' },
      twice: { type: 'boolean', default: false, description: 'Two layers' },
    },
  },
  build: (): VectorValue => ({ value: 'x', width: 1 }),
} as const;
const head = {
  kind: 'architecture',
  part: 'head',
  metadata: { ...metadata, id: 'my-head' },
  compressed: false,
  defaultUnits: 8,
  build: (): VectorValue => ({ value: 'x', width: 1 }),
} as const;

describe('defining an architecture', () => {
  it('returns the plugin itself', () => {
    expect(defineArchitecture(backbone)).toBe(backbone);
    expect(defineArchitecture(head)).toBe(head);
  });

  it('gives the parameters of a backbone the types of their schema', () => {
    defineArchitecture({
      kind: 'architecture',
      part: 'backbone',
      metadata,
      parameters: backbone.parameters,
      build: (layers, x, parameters) => {
        const width: number = parameters.width;
        const twice: boolean = parameters.twice;
        // @ts-expect-error: there is no such parameter.
        const depth: unknown = parameters.depth;
        return layers.dense('backbone.dense', layers.flatten(x), [twice, depth].length * width);
      },
    });
  });

  const withParameters = (changes: object) => ({
    ...backbone,
    parameters: { ...backbone.parameters, ...changes },
  });
  const described = { description: 'Of something' };

  it.each<[string, object, string]>([
    ['an unknown part', { ...backbone, part: 'neck' }, '`part` must be one of backbone, head'],
    [
      'an id in another case',
      { ...backbone, metadata: { ...metadata, id: 'MyNet' } },
      '`metadata.id` must be in kebab case',
    ],
    ['no version', { ...head, metadata: { ...metadata, version: undefined } }, '`metadata.version` must be'],
    ['no function that builds it', { ...head, build: undefined }, '`build` must be a function'],
    ['a head that does not say whether it is compressed', { ...head, compressed: undefined }, '`compressed`'],
    ['units that are no number', { ...head, defaultUnits: 0.5 }, '`defaultUnits` must be a whole number'],
    ['dropout of everything', { ...head, dropout: 1 }, '`dropout` must be a probability'],
    ['no parameters', { ...backbone, parameters: undefined }, '`parameters` must be a JSON Schema of type'],
    [
      'parameters that may be anything',
      withParameters({ additionalProperties: true }),
      'additionalProperties false',
    ],
    [
      'a parameter called as the id is',
      withParameters({ properties: { kind: described }, required: [] }),
      'have no `kind`',
    ],
    [
      'a parameter that is not described',
      withParameters({ properties: { width: { type: 'integer' } } }),
      'describe `width`',
    ],
    ['a required parameter that is none', withParameters({ required: ['depth'] }), 'such as "depth"'],
    [
      'a default that is not allowed',
      withParameters({ properties: { width: { ...described, type: 'integer', default: 'wide' } } }),
      'give `width` a default that is allowed',
    ],
    [
      'a schema that is none',
      withParameters({ properties: { width: { ...described, type: 'whole' } } }),
      '`parameters` must be a valid JSON Schema',
    ],
  ])('with %s is refused', (_what, plugin, message) => {
    const { key, message: found } = errorOf(() => defineArchitecture(plugin as never));
    expect(key).toBe('PLUGIN_INVALID');
    expect(found).toContain(message);
  });

  it('for another version of the API is refused', () => {
    const old = { ...head, metadata: { ...head.metadata, apiVersion: 0 } };
    expect(errorOf(() => defineArchitecture(old)).key).toBe('PLUGIN_API');
  });
});

describe('an architecture from a file', () => {
  it('is known and listed beside the built-in ones, with where it comes from', async () => {
    const module = fixture('strided');
    const { plugin, reference } = await loadPlugin(module);
    undo.push(registerPlugin(plugin, module));
    expect(reference).toEqual({ id: 'strided', version: '1.0.0', module });
    const { backbones, heads } = knownArchitectures();
    expect(backbones.get('strided')).toBe(plugin);
    expect([...backbones.keys()]).toEqual([...builtInArchitectures.backbones.keys(), 'strided']);
    expect(heads).toEqual(builtInArchitectures.heads);
    const listed = listArchitectures().map(({ part, metadata: { id }, origin }) => [part, id, origin.from]);
    expect(listed).toContainEqual(['backbone', 'strided', 'module']);
    expect(listed).toContainEqual(['backbone', 'mlp', 'built-in']);
    expect(listed.at(-1)).toEqual(['head', 'dropout-nopen', 'built-in']);
  });

  it('leaves the built-in ones alone: what is known is one of them again when it is taken out', async () => {
    registerPlugin(await importPlugin(fixture('bounded')))();
    expect(knownArchitectures()).toBe(builtInArchitectures);
  });

  it('may not have the id of another one, be it a backbone or a head', () => {
    const called = (id: string) => ({ ...head, metadata: { ...head.metadata, id } });
    for (const id of ['resnet', 'linpen']) {
      const { key, message } = errorOf(() => registerPlugin(called(id), '/mine.mjs'));
      expect(key).toBe('PLUGIN_INVALID');
      expect(message).toBe(`/mine.mjs: there is another architecture called "${id}"; choose another id`);
    }
    undo.push(registerPlugin(head));
    expect(errorOf(() => registerPlugin({ ...backbone, metadata: head.metadata })).key).toBe(
      'PLUGIN_INVALID',
    );
  });
});
