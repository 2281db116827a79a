import { describe, expect, it } from '@jest/globals';
import { builtinAttackParameters } from '../../src/cli/attack-flags.js';
import { attackRequest, type AttackArguments } from '../../src/cli/attack-request.js';

const schema = builtinAttackParameters('patch');
const base: AttackArguments = { model: 'm', split: 'test', attack: 'patch' };
const request = (args: object) => attackRequest({ ...base, ...args }, schema, new Set());

describe('the patch threat on the command line', () => {
  it('is a fraction of the image, with a customary one', async () => {
    expect((await request({ threat: 'patch' })).threat).toEqual({ kind: 'patch', area: 0.05 });
    expect((await request({ threat: 'patch', 'patch-area': '1/16' })).threat).toEqual({
      kind: 'patch',
      area: 0.0625,
    });
  });

  it.each(['0', '1.5'])('refuses the area %s', async (area) => {
    await expect(request({ threat: 'patch', 'patch-area': area })).rejects.toThrow(
      `--patch-area must be above 0 and at most 1, received "${area}"`,
    );
  });

  it('takes no flags of other threats, which take none of its', async () => {
    await expect(request({ threat: 'patch', norm: 'l2', epsilon: '1' })).rejects.toThrow(
      '--threat patch takes no --norm, --epsilon',
    );
    await expect(request({ 'patch-area': '0.1' })).rejects.toThrow('--patch-area needs --threat patch');
    await expect(request({ vnnlib: 'x.vnnlib', 'patch-area': '0.1' })).rejects.toThrow(
      /--vnnlib .* takes no --patch-area/,
    );
  });
});
