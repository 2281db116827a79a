import { describe, expect, it } from '@jest/globals';
import pgd from '../../attacks/pgd.js';
import { coerceParameter } from '../../src/plugin/coerce.js';
import { defaultParameters, resolveParameters } from '../../src/plugin/parameters.js';

const resolve = (given: Record<string, unknown>) => resolveParameters(pgd.parameters, given, 'pgd');

describe('resolving parameters', () => {
  it('fills in the defaults', () => {
    expect(resolve({})).toMatchObject({
      steps: 40,
      stepSize: 0.1,
      restarts: 1,
      randomStart: true,
      loss: 'ce',
      return: 'best',
      earlyLeave: true,
    });
  });

  it('keeps what is given', () => {
    expect(resolve({ steps: 7, return: 'last' })).toMatchObject({ steps: 7, return: 'last', stepSize: 0.1 });
  });

  it('takes undefined as not given', () => {
    expect(resolve({ steps: undefined }).steps).toBe(40);
  });

  it('gives every call its own defaults', () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: {
        sizes: { type: 'array', items: { type: 'number' }, default: [1, 2], description: 'Sizes' },
      },
    } as const;
    defaultParameters(schema).sizes.push(3);
    expect(defaultParameters(schema).sizes).toEqual([1, 2]);
  });

  it.each([
    [{ steps: 0 }, 'parameter "steps" of pgd must be an integer, at least 1, at most 100000; received 0'],
    [{ steps: 2.5 }, 'parameter "steps" of pgd must be an integer, at least 1, at most 100000; received 2.5'],
    [{ steps: '3' }, 'received "3"'],
    [{ stepSize: 0 }, 'parameter "stepSize" of pgd must be a number, greater than 0, at most 10; received 0'],
    [{ stepSize: NaN }, 'received NaN'],
    [{ loss: 'hinge' }, 'parameter "loss" of pgd must be one of "ce", "margin", "dlr"; received "hinge"'],
    [{ earlyLeave: 1 }, 'parameter "earlyLeave" of pgd must be a boolean; received 1'],
    [{ step: 3 }, 'pgd has no parameter "step"; did you mean "steps"?'],
    [{ toString: 3 }, 'pgd has no parameter "toString"'],
  ])('refuses %j', (given, message) => {
    expect(() => resolve(given)).toThrow(message);
  });
});

describe('parameters given as text', () => {
  const coerce = (name: string, text: string) => coerceParameter(pgd.parameters, name, text, 'pgd');

  it.each([
    ['steps', '20', 20],
    ['stepSize', '1e-2', 0.01],
    ['stepSize', '2/255', 2 / 255],
    ['randomStart', 'false', false],
    ['loss', 'margin', 'margin'],
  ])('reads %s=%s by the type of the schema', async (name, text, value) => {
    expect(await coerce(name, text)).toBe(value);
  });

  it.each([
    ['steps', 'many', 'must be an integer, at least 1, at most 100000; received "many"'],
    ['steps', '', 'received ""'],
    ['randomStart', 'yes', 'must be a boolean; received "yes"'],
    ['stepsize', '1', 'did you mean "stepSize"?'],
  ])('refuses %s=%s', async (name, text, message) => {
    await expect(coerce(name, text)).rejects.toThrow(message);
  });

  it('reads lists as JSON, and tries text last where several types are allowed', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: {
        sizes: { type: 'array', items: { type: 'number' }, default: [], description: 'Sizes' },
        limit: { type: ['string', 'number'], default: 'none', description: 'Limit' },
        level: { enum: [1, 2], default: 1, description: 'Level' },
      },
    } as const;
    expect(await coerceParameter(schema, 'sizes', '[1, 2]', 'x')).toEqual([1, 2]);
    expect(await coerceParameter(schema, 'limit', '3', 'x')).toBe(3);
    expect(await coerceParameter(schema, 'limit', 'all', 'x')).toBe('all');
    expect(await coerceParameter(schema, 'level', '2', 'x')).toBe(2);
  });
});
