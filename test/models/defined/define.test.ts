import { describe, expect, it } from '@jest/globals';
import { defineModel, type ModelDefinition } from '../../../src/models/defined/definition.js';
import { openCode } from '../../../src/models/defined/open-model.js';
import { twin } from './twin.js';

const define = (definition: object) => defineModel(definition as ModelDefinition);

describe('defineModel', () => {
  it('gives its argument back', () => {
    const definition = twin();
    expect(defineModel(definition)).toBe(definition);
    expect(() => defineModel({ kind: 'http', url: 'http://localhost/v2/models/m' })).not.toThrow();
  });

  it.each<[string, object, RegExp]>([
    ['a kind', { kind: 'onnx' }, /`kind` must be one of code, http; received "onnx"/],
    ['an id', twin({ id: '../../etc' }), /`id` must be a name.*received "\.\.\/\.\.\/etc"/],
    ['a shape', twin({ input: { shape: [0, 3] } }), /`input.shape` must list.*received \[0,3\]/],
    ['bounds', twin({ input: { shape: [3], bounds: [1, 0] } }), /`input.bounds` must be \[lowest, highest\]/],
    ['classes', twin({ numClasses: 1 }), /`numClasses` must be a whole number from 2; received 1/],
    ['predict', { ...twin(), predict: 'yes' }, /`predict` must be a function; received "yes"/],
    ['a budget', twin({ queryBudget: 0 }), /`queryBudget` must be a whole number from 1/],
    ['a rate', twin({ rateLimit: NaN }), /`rateLimit` must be a positive number; received NaN/],
    ['known fields', { ...twin(), gradients: () => [] }, /no field `gradients`; there are kind, id/],
    ['a URL', { kind: 'http' }, /`url` must be a text/],
    ['a timeout', { kind: 'http', url: 'http://h', timeout: -1 }, /`timeout` must be a positive number/],
  ])('asks for %s by name', (_what, definition, message) => {
    expect(() => define(definition)).toThrow(
      expect.objectContaining({ key: 'MODEL_INVALID', message: expect.stringMatching(message) as unknown }),
    );
  });

  it('never repeats a header', () => {
    const broken = { kind: 'http', url: 'http://h', headers: { authorization: 'sec\nret' } };
    expect(() => define(broken)).toThrow(/`headers` must map names/);
    expect(() => define(broken)).not.toThrow(/ret/);
  });
});

describe('the identity of a model that is code', () => {
  const hash = (...args: Parameters<typeof openCode>) => openCode(...args).reference.sha256;

  it('is what it says of itself, and not its content, which nobody can hash', () => {
    expect(hash(twin({ predict: () => [], rateLimit: 3, queryBudget: 5 }))).toBe(hash(twin()));
    const others = [
      hash(twin()),
      hash(twin({ id: 'other' })),
      hash(twin({ version: '2' })),
      hash(twin({ input: { shape: [36] } })),
      hash(twin({ scores: 'probabilities' })),
      hash(twin(), { path: '/m.mjs', sha256: 'a' }),
      hash(twin(), { path: '/m.mjs', sha256: 'b' }),
    ];
    expect(new Set(others).size).toBe(others.length);
    expect(hash(twin(), { path: '/elsewhere/m.mjs', sha256: 'a' })).toBe(others[5]);
  });

  it('is marked as declared', () => {
    expect(openCode(twin()).reference).toMatchObject({
      path: 'memory:twin',
      declared: { by: 'code', version: '1', gradients: true },
    });
  });
});
