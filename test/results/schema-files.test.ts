import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { resourcePath } from '../../src/resources.js';
import { schemaFiles } from '../../src/results/schema/generate.js';

const generated = schemaFiles();

if (process.env['UPDATE_GENERATED'] === '1') {
  await mkdir(resourcePath('schemas'), { recursive: true });
  for (const [file, text] of Object.entries(generated)) await writeFile(resourcePath('schemas', file), text);
}

describe('the committed schemas', () => {
  it.each(Object.keys(generated))('%s is what the source says', async (file) => {
    const committed = await readFile(resourcePath('schemas', file), 'utf8').catch(() => '');
    // Stale? UPDATE_GENERATED=1 npm test -- test/results/schema-files.test.ts writes them.
    expect({ file, upToDate: committed === generated[file], update: 'UPDATE_GENERATED=1 npm test' }).toEqual({
      file,
      upToDate: true,
      update: 'UPDATE_GENERATED=1 npm test',
    });
  });

  it('are all there is in the folder', async () => {
    expect((await readdir(resourcePath('schemas'))).sort()).toEqual(Object.keys(generated).sort());
  });

  it.each(Object.keys(generated))('%s is a valid JSON Schema 2020-12 with an id', (file) => {
    const schema = JSON.parse(generated[file]!) as { $schema: string; $id: string };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toMatch(/^urn:gauntlet-bench:schema:[a-z-]+:1$/);
    expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true);
  });
});
