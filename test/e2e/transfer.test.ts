import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import type { AttackOutput } from '../../src/results/schema/attack-output.js';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { cli, scratchFolder } from './cli.js';

const TARGET = 'mnist-mlp-linpen';
const SURROGATE = 'mnist-mlp-nopen';
const EXAMPLES = 40;

describe('an attack with gradients of another model', () => {
  const scratch = scratchFolder();
  const attack = (...args: string[]) =>
    cli(
      ['attack', TARGET, '--attack', 'mifgsm', '--epsilon', '0.15', '--examples', `${EXAMPLES}`].concat(args),
    );
  const json = async (...args: string[]) => {
    const { status, stdout, stderr } = await attack('--json', ...args);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as AttackOutput;
  };
  afterAll(() => scratch.remove());

  it('is judged on the target, names the surrogate by its hash, and says so in its heading', async () => {
    const [transfer, own, itself] = [
      await json('--surrogate', SURROGATE),
      await json(),
      await json('--surrogate', TARGET),
    ];
    expect(transfer.surrogate).toMatchObject({ id: SURROGATE });
    expect(own.surrogate).toBeUndefined();
    // The hash is that of the file as a target.
    const alone = JSON.parse(
      (await cli(['attack', SURROGATE, '--attack', 'fgsm', '--epsilon', '0.1', '--examples', '1', '--json']))
        .stdout,
    ) as AttackOutput;
    expect(transfer.surrogate!.sha256).toBe(alone.model.sha256);
    expect(transfer.surrogate!.sha256).not.toBe(transfer.model.sha256);
    // Some examples transfer; the target's own gradients fool more.
    expect(transfer.robust.correct).toBeLessThan(transfer.clean.correct);
    expect(own.robust.correct).toBeLessThan(transfer.robust.correct);
    expect(itself.robust.correct).toBeLessThan(transfer.robust.correct);

    const { stdout } = await attack('--surrogate', SURROGATE);
    expect(stdout).toContain(`transfer from ${SURROGATE}`);
    // Ten steps on the surrogate for each example the target gets right, and no question to the target.
    expect(stdout).toContain(`${10 * transfer.clean.correct} gradient and 0 forward passes`);
  });

  it('has the same bytes whatever the batch size and workers', async () => {
    const given = [
      '--surrogate',
      SURROGATE,
      '--diversity',
      '0.5',
      '--kernel',
      '3',
      '--scale-copies',
      '2',
      '--nesterov',
    ];
    const [one, other] = [
      await json(...given, '--batch-size', '1', '--executor', 'inline'),
      await json(...given, '--batch-size', '7', '--jobs', '2'),
    ];
    expect(other.outcomes).toBe(one.outcomes);
    expect(other.distances).toEqual(one.distances);
    expect(one.outcomes).toContain('f');
  });

  it('is refused where the attack takes no surrogate, and where the surrogate is unknown', async () => {
    const ignored = await cli([
      'attack',
      TARGET,
      '--attack',
      'fgsm',
      '--epsilon',
      '0.1',
      '--examples',
      '5',
      '--surrogate',
      SURROGATE,
    ]);
    expect({ status: ignored.status, stdout: ignored.stdout }).toEqual({ status: 2, stdout: '' });
    expect(ignored.stderr).toContain('fgsm takes no surrogate model');
    const unknown = await attack('--surrogate', 'mnist-mlp-nopenn');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain(SURROGATE);
  });

  it('is an entry of a suite, whose column and cell name the surrogate', async () => {
    const suite = join(scratch.path, 'transfer.yaml');
    writeFileSync(
      suite,
      `id: transfer
version: 1
title: Transfer
dataset: { source: mnist, split: test }
examples: { first: ${EXAMPLES} }
models: [${TARGET}]
seed: 0
entries:
  - id: from-nopen
    kind: attack
    attack: mifgsm
    surrogate: ${SURROGATE}
    threat: { kind: lp, norm: linf, epsilon: 0.15 }
`,
    );
    const out = join(scratch.path, 'run');
    const { status, stdout } = await cli(['run', suite, '--json', '--out', out]);
    expect(status).toBe(0);
    const leaderboard = JSON.parse(stdout) as Leaderboard;
    const column = leaderboard.columns.find(({ id }) => id === 'from-nopen');
    expect(column!.title).toContain(`MI-FGSM Linf 0.15, transfer from ${SURROGATE}`);

    const cells = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /from-nopen.*\.json$/.test(file),
    );
    expect(cells).toHaveLength(1);
    const cell = JSON.parse(readFileSync(join(out, cells[0]!), 'utf8')) as CompletedCell;
    const single = await json('--surrogate', SURROGATE);
    expect(cell.plan).toMatchObject({
      kind: 'attack',
      stages: [{ surrogate: { id: SURROGATE, sha256: single.surrogate!.sha256 } }],
    });
    expect(cell.outcomes).toBe(single.outcomes);
    const right = Array.from(cell.outcomes, (outcome) => (outcome === 'w' ? 0 : 10));
    expect(cell.passes.gradient).toEqual(right);
  });
});
