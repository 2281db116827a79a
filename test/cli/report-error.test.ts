import { describe, expect, it } from '@jest/globals';
import { Interrupted } from '../../src/cli/interrupt.js';
import { describeError } from '../../src/cli/report-error.js';
import { GauntletError } from '../../src/errors.js';

describe('what is printed about an error', () => {
  it('is code, sentence, help and where to read more, without a stack', () => {
    const { text, exitCode } = describeError(new GauntletError('DATA_NOT_FOUND', 'No mnist.'), false);
    expect(text).toContain('GAUNTLET_E_DATA_NOT_FOUND');
    expect(text).toContain('No mnist.');
    expect(text).toContain('docs/errors.md#gauntlet_e_data_not_found');
    expect(text).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(2);
  });

  it('has the stack and its cause with --debug', () => {
    const error = new GauntletError('ENGINE_RUN', 'outer', { cause: new Error('the inner one') });
    const { text, exitCode } = describeError(error, true);
    expect(text).toMatch(/^\s+at /m);
    expect(text).toContain('caused by: Error: the inner one');
    expect(exitCode).toBe(3);
  });

  it('that nobody foresaw is an internal one', () => {
    expect(describeError(new TypeError('x is undefined'), false)).toMatchObject({ exitCode: 3 });
    expect(describeError('thrown text', false).text).toContain('GAUNTLET_E_INTERNAL');
  });

  it('says that an interrupted run can go on', () => {
    const { text, exitCode } = describeError(new Interrupted(), false);
    expect(text).toContain('goes on from there');
    expect(exitCode).toBe(130);
  });
});
