import { describe, expect, it } from '@jest/globals';
import { builtinAttackParameters } from '../../src/cli/attack-flags.js';
import { attackRequest, type AttackArguments } from '../../src/cli/attack-request.js';

const pgd = builtinAttackParameters('pgd');
const base: AttackArguments = { model: 'm', split: 'test', threat: 'lp', norm: 'linf', seed: 0 };
const request = (args: object) => attackRequest({ ...base, ...args }, pgd, new Set(['loss']));

describe('an attack request from the command line', () => {
  it('takes the customary budget of the norm unless one is given', async () => {
    expect((await request({})).threat).toEqual({ kind: 'lp', norm: 'linf', epsilon: 8 / 255 });
    expect((await request({ norm: 'l2' })).threat).toEqual({ kind: 'lp', norm: 'l2', epsilon: 0.5 });
    expect((await request({ epsilon: '2/255' })).threat).toMatchObject({ epsilon: 2 / 255 });
    await expect(request({ norm: 'l0' })).rejects.toMatchObject({ code: 'GAUNTLET_E_USAGE' });
  });

  it('leaves gradients to the card unless a flag says', async () => {
    expect(await request({})).not.toHaveProperty('straightThrough');
    expect(await request({ 'straight-through': true })).toMatchObject({ straightThrough: true });
    expect(await request({ 'straight-through': false })).toMatchObject({ straightThrough: false });
  });

  it.each(['x', '-1', '1/0', ''])('refuses the budget "%s"', async (epsilon) => {
    await expect(request({ epsilon })).rejects.toMatchObject({ code: 'GAUNTLET_E_EXPRESSION_INVALID' });
  });

  it('reads parameters by the schema, flags winning over --set', async () => {
    const { parameters } = await request({
      set: ['stepSize=2/255', 'steps=3', 'return=last', 'loss=margin'],
      steps: '7',
      'random-start': false,
    });
    expect(parameters).toEqual({
      stepSize: 2 / 255,
      steps: 7,
      return: 'last',
      randomStart: false,
      loss: 'margin',
    });
  });

  it.each([
    ['a parameter there is not', ['stpes=3'], /did you mean "steps"/],
    ['text for a number', ['steps=many'], /"steps" of pgd must be an integer.*received "many"/],
  ])('refuses %s by name', async (_what, set, message) => {
    await expect(request({ attack: 'pgd', set })).rejects.toMatchObject({
      code: 'GAUNTLET_E_PARAMETER_INVALID',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it.each([['steps'], ['=3']])('refuses the pair "%s"', async (pair) => {
    await expect(request({ set: [pair] })).rejects.toThrow(`--set takes key=value, received "${pair}"`);
  });

  it('is untargeted unless a target or a targeted goal is given', async () => {
    expect((await request({})).goal).toEqual({ kind: 'untargeted' });
    expect((await request({ goal: 'targeted' })).goal).toEqual({ kind: 'targeted', target: 'next' });
    expect((await request({ target: 'random' })).goal).toEqual({ kind: 'targeted', target: 'random' });
    expect((await request({ target: '3' })).goal).toEqual({ kind: 'targeted', target: 3 });
    await expect(request({ target: 'cat' })).rejects.toThrow(/received "cat"/);
    await expect(request({ goal: 'untargeted', target: '3' })).rejects.toThrow(/makes no sense/);
  });

  it('with a box needs a file that can be read', async () => {
    await expect(request({ threat: 'box' })).rejects.toMatchObject({ code: 'GAUNTLET_E_USAGE' });
    await expect(request({ threat: 'box', box: 'no-such.npz' })).rejects.toMatchObject({
      code: 'GAUNTLET_E_DATA_NOT_FOUND',
    });
  });

  it('turns and shifts either way, as far as customary unless it is said', async () => {
    expect((await request({ threat: 'transform', norm: undefined })).threat).toEqual({
      kind: 'transform',
      ranges: { rotation: [-30, 30], translateX: [-3, 3], translateY: [-3, 3] },
    });
    const given = { threat: 'transform', norm: undefined, rotation: '12.5', translation: '0' };
    expect((await request(given)).threat).toMatchObject({
      ranges: { rotation: [-12.5, 12.5], translateX: [-0, 0] },
    });
  });

  it.each([
    [{ threat: 'transform', rotation: '181' }, /--rotation must be a number from 0 to 180, received "181"/],
    [{ threat: 'transform', rotation: '-5' }, /--rotation must be a number from 0 to 180, received "-5"/],
    [{ threat: 'transform', translation: 'far' }, /--translation must be a number from 0, received "far"/],
    [{ threat: 'transform', epsilon: '0.1' }, /--threat transform takes no --epsilon/],
    [{ threat: 'lp', rotation: '10' }, /--rotation needs --threat transform/],
    [{ threat: undefined, translation: '2' }, /--translation needs --threat transform/],
  ])('refuses transforms asked for with %j', async (args, message) => {
    await expect(request({ norm: undefined, ...args })).rejects.toMatchObject({
      code: 'GAUNTLET_E_USAGE',
      message: expect.stringMatching(message) as unknown,
    });
  });
});
