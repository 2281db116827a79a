import { describe, expect, it } from '@jest/globals';
import {
  attackFlags,
  attackOf,
  builtinAttackIds,
  builtinAttackParameters,
  flagName,
  givenFlags,
  peekOption,
  peekOptions,
} from '../../src/cli/attack-flags.js';

const pgd = builtinAttackParameters('pgd')!;
const nothing = new Set<string>();

describe('flags of an attack', () => {
  it('are its schema’s properties in kebab case, with description, range and default', () => {
    expect(attackFlags('pgd', pgd, nothing)['step-size']).toMatchObject({
      group: 'Parameters of pgd:',
      describe: expect.stringMatching(/fraction of epsilon.*; above 0 to 10$/) as unknown,
      defaultDescription: '0.1',
      type: 'string',
      requiresArg: true,
    });
  });

  it('exist for every parameter of every built-in attack', () => {
    for (const id of builtinAttackIds()) {
      const schema = builtinAttackParameters(id) as unknown as { properties: object };
      const flags = Object.keys(attackFlags(id, schema as never, nothing));
      expect(flags).toEqual(Object.keys(schema.properties).map(flagName));
    }
  });

  it('are real flags for booleans, so that --no-random-start works', () => {
    expect(attackFlags('pgd', pgd, nothing)['random-start']).toMatchObject({ type: 'boolean' });
  });

  it('give way to the command’s own options', () => {
    const taken = new Set(['steps']);
    expect(attackFlags('pgd', pgd, taken)).not.toHaveProperty('steps');
    expect(givenFlags(pgd, { steps: '3' }, taken)).toEqual({});
  });

  it('that were given are found by parameter name', () => {
    expect(givenFlags(pgd, { 'step-size': '2/255', 'random-start': false, norm: 'l2' }, nothing)).toEqual({
      stepSize: '2/255',
      randomStart: false,
    });
  });
});

describe('the attack when none is named', () => {
  it.each([
    ['the cascade within a budget', {}, 'cascade'],
    ['the cascade in a box', { threat: 'box' }, 'cascade'],
    ['FMN in L0, where the cascade has no stages', { norm: 'l0' }, 'fmn'],
    ['FMN for the nearest example', { threat: 'minimum', norm: 'l2' }, 'fmn'],
    ['spatial for transforms', { threat: 'transform' }, 'spatial'],
    ['patch for patches', { threat: 'patch' }, 'patch'],
    ['MI-FGSM from a surrogate', { surrogate: 'other.onnx' }, 'mifgsm'],
    ['a gradient-free one behind HTTP', { model: 'http://h/v2/models/m' }, 'square'],
    [
      'a gradient-free one behind HTTP for the nearest error',
      { model: 'https://h/v1/models/m', threat: 'minimum' },
      'hopskipjump',
    ],
    ['the named one before all', { attack: 'pgd', threat: 'minimum' }, 'pgd'],
  ] as const)('is %s', (_what, choice, attack) => {
    expect(attackOf(choice)).toBe(attack);
    expect(builtinAttackIds()).toContain(attack);
  });
});

describe('an option looked for before parsing', () => {
  const typed = [
    'attack',
    'm.onnx',
    '--attack',
    'fgsm',
    '--plugin=a.mjs',
    '--plugin',
    'b.mjs',
    '--attack=pgd',
  ];

  it('is found in both spellings, the last one counting', () => {
    expect(peekOption(typed, 'attack')).toBe('pgd');
    expect(peekOptions(typed, 'plugin')).toEqual(['a.mjs', 'b.mjs']);
  });

  it('is undefined when absent or without a value', () => {
    expect(peekOption(typed, 'norm')).toBeUndefined();
    expect(peekOption(['--attack'], 'attack')).toBeUndefined();
  });
});
