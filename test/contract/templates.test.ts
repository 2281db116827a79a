import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { backboneTemplate, headTemplate } from '../../src/cli/architecture-templates.js';
import { attackTemplate, compositeTemplate } from '../../src/cli/templates.js';
import { architectureContract, attackContract, compositeContract } from '../../src/plugin/testing.js';

/** The module a template's text defines; it is put where its imports resolve as they do for its reader. */
async function moduleFrom(text: string, name: string): Promise<unknown> {
  const folder = mkdtempSync(join(import.meta.dirname, 'template-'));
  try {
    writeFileSync(join(folder, name), text.replace("'gauntlet-bench/plugin'", "'#plugin'"));
    return ((await import(join(folder, name))) as { default: unknown }).default;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const readme = readFileSync(join(import.meta.dirname, '../../attacks/README.md'), 'utf8');
const templates = {
  'the template of attacks/README.md': await moduleFrom(/```ts\n(.*?)```/s.exec(readme)![1]!, 'template.ts'),
  'the plugin that `gauntlet new attack` writes': await moduleFrom(
    attackTemplate('my-attack')[0]!.content,
    'template.ts',
  ),
};

for (const [title, attack] of Object.entries(templates)) {
  describe(title, () => {
    for (const check of attackContract(attack)) it(check.name, check.run);
  });
}

describe('the plugin that `gauntlet new composite` writes', () => {
  const text = compositeTemplate('my-cascade')[0]!.content;
  let composite: unknown;
  beforeAll(async () => {
    composite = await moduleFrom(text, 'template.ts');
  });

  it('passes the contract', async () => {
    const checks = compositeContract(composite);
    expect(checks.length).toBeGreaterThan(3);
    for (const check of checks) await check.run();
  });
});

describe.each([
  ['backbone', backboneTemplate('my-net'), { parameters: { channels: [4, 8] } }],
  ['head', headTemplate('my-head'), {}],
])('the plugin that `gauntlet new %s` writes', (_kind, [plugin, test], options) => {
  it('passes the contract, in the network that its test names', async () => {
    const [, given] = /architectureContract\(architecture(.*)\)\) test/.exec(test!.content)!;
    expect(given).toBe('parameters' in options ? ', { parameters: { channels: [4, 8] } }' : '');
    const checks = architectureContract(await moduleFrom(plugin!.content, 'template.mjs'), options);
    expect(checks).toHaveLength(15);
    for (const check of checks) await check.run();
  });
});
