import { afterEach, describe, expect, it } from '@jest/globals';
import { frostTexturesOf } from '../../src/cli/sources.js';

const { env } = process;
const before = env.GAUNTLET_FROST_TEXTURES ?? '';
afterEach(() => {
  env.GAUNTLET_FROST_TEXTURES = before;
});

describe('the folder of photographs of frost', () => {
  const config = { file: null, plugins: [], frostTextures: '/configured' };

  it.each<[string | undefined, string, string | undefined]>([
    ['/flag', '/variable', '/flag'],
    [undefined, '/variable', '/variable'],
    [undefined, '', '/configured'],
  ])('is the flag (%s), else the variable (%s), else what is configured', (flag, variable, expected) => {
    env.GAUNTLET_FROST_TEXTURES = variable;
    expect(frostTexturesOf({ 'frost-textures': flag }, config)).toBe(expected);
  });

  it('may be none', () => {
    env.GAUNTLET_FROST_TEXTURES = '';
    expect(frostTexturesOf({}, { file: null, plugins: [] })).toBeUndefined();
  });
});
