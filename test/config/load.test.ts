import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadGauntletConfig } from '../../src/config/load.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

describe('the configuration', () => {
  it('is empty where there is no file', async () => {
    expect(await loadGauntletConfig(folder)).toEqual({ file: null, plugins: [] });
  });

  it.each([
    ['gauntlet.config.json', '{"dataDir": "data", "jobs": 2, "plugins": ["./a.mjs", "pkg"]}'],
    ['gauntlet.config.yaml', 'dataDir: data\njobs: 2\nplugins: [./a.mjs, pkg]\n'],
    ['gauntlet.config.mjs', 'export default { dataDir: "data", jobs: 2, plugins: ["./a.mjs", "pkg"] };'],
  ])('is found as %s, its paths relative to the file', async (name, content) => {
    write(name, content);
    expect(await loadGauntletConfig(folder)).toEqual({
      file: join(folder, name),
      dataDir: join(folder, 'data'),
      jobs: 2,
      plugins: [join(folder, 'a.mjs'), 'pkg'],
    });
  });

  it('names a folder of photographs relative to itself', async () => {
    write('gauntlet.config.json', '{"frostTextures": "frost"}');
    expect(await loadGauntletConfig(folder)).toMatchObject({ frostTextures: join(folder, 'frost') });
  });

  it('can be another file, or none', async () => {
    mkdirSync(join(folder, 'ci'));
    write('gauntlet.config.json', '{"jobs": 1}');
    write('ci/nightly.json', '{"jobs": 4, "dataDir": "d"}');
    expect(await loadGauntletConfig(folder, 'ci/nightly.json')).toMatchObject({
      jobs: 4,
      dataDir: join(folder, 'ci/d'),
    });
    expect(await loadGauntletConfig(folder, false)).toEqual({ file: null, plugins: [] });
  });

  it.each([
    ['an unknown property', '{"job": 2}', /additional properties: "job"/],
    ['a value out of range', '{"jobs": 0}', /\/jobs must be >= 1/],
    ['a file that does not parse', '{"jobs": ', /cannot be read/],
  ])('with %s is refused by name', async (_what, content, message) => {
    write('gauntlet.config.json', content);
    await expect(loadGauntletConfig(folder)).rejects.toMatchObject({
      code: 'GAUNTLET_E_CONFIG_INVALID',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('named but missing is an error', async () => {
    await expect(loadGauntletConfig(folder, 'nope.json')).rejects.toThrow(
      /no configuration file at .*nope\.json/,
    );
  });
});
