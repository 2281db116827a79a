import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { attackTemplate } from '../../src/cli/templates.js';
import { attackContract } from '../../src/plugin/testing.js';

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
