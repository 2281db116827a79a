import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cli, scratchFolder } from './cli.js';

describe('a plugin outside any package', () => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());

  it('may import gauntlet-bench/plugin all the same, in workers and inline alike', async () => {
    const written = await cli(['new', 'attack', 'my-step', '--json'], { cwd: scratch.path });
    expect(written.status).toBe(0);
    const attack = (executor: string) =>
      cli([
        ...[
          'attack',
          'mnist-mlp-nopen',
          '--plugin',
          join(scratch.path, 'my-step.mjs'),
          '--attack',
          'my-step',
        ],
        ...['--epsilon', '0.2', '--examples', '20', '--executor', executor, '--json'],
      ]);
    const [pool, inline] = [await attack('pool'), await attack('inline')];
    expect(pool.status).toBe(0);
    const { outcomes } = JSON.parse(pool.stdout) as { outcomes: string };
    expect(outcomes).toHaveLength(20);
    expect(outcomes).toContain('f');
    expect((JSON.parse(inline.stdout) as { outcomes: string }).outcomes).toBe(outcomes);
  });

  it('names the import that fails when a plugin asks for something that is nowhere', async () => {
    const path = join(scratch.path, 'lost.mjs');
    writeFileSync(path, "import 'no-such-package';\nexport default {};\n");
    const { status, stderr } = await cli(['attack', 'mnist-mlp-nopen', '--plugin', path, '--attack', 'lost']);
    expect(status).toBe(3);
    expect(stderr).toContain('GAUNTLET_E_PLUGIN_FAILED');
    expect(stderr).toContain('no-such-package');
  });
});
