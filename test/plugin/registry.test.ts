import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { GauntletError } from '../../src/errors.js';
import { importPlugin, resolvePluginModule } from '../../src/plugin/load.js';
import {
  findComposite,
  listAttacks,
  loadAttack,
  loadCorruption,
  loadLoss,
  loadPlugin,
  registerPlugin,
} from '../../src/plugin/registry.js';

const fixtures = join(import.meta.dirname, '../fixtures/plugins');
const fixture = (name: string) => join(fixtures, `${name}.mjs`);

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((take) => take()));

async function failure(work: Promise<unknown>): Promise<Pick<GauntletError, 'key' | 'message'>> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as GauntletError,
  );
}

describe('built-in plugins', () => {
  it('are listed without loading them, parameters included', () => {
    const pgd = listAttacks().find(({ metadata }) => metadata.id === 'pgd')!;
    expect(pgd.origin).toEqual({ from: 'built-in' });
    expect(pgd.metadata).toMatchObject({ access: 'gradient', norms: ['linf', 'l2', 'l1'] });
    expect(pgd.parameters.properties).toHaveProperty('steps.default', 40);
  });

  it('are loaded by id or reference', async () => {
    const pgd = await loadAttack('pgd');
    expect(pgd.metadata.id).toBe('pgd');
    expect(await loadAttack({ id: 'pgd', version: '' })).toBe(pgd);
    expect(await loadAttack({ id: 'pgd', version: pgd.metadata.version })).toBe(pgd);
  });

  it('are refused in another version than planned', async () => {
    const error = await failure(loadAttack({ id: 'pgd', version: '0.0.1' }));
    expect(error).toMatchObject({ key: 'PLUGIN_INVALID', message: expect.stringContaining('0.0.1') });
  });

  it('suggest the nearest name for an unknown one', async () => {
    expect(await failure(loadAttack('pdg'))).toMatchObject({
      key: 'UNKNOWN_ATTACK',
      message: 'no attack is called "pdg"; did you mean "pgd"?',
    });
    expect(await failure(loadCorruption('fog_of_war'))).toMatchObject({ key: 'UNKNOWN_CORRUPTION' });
    expect(await failure(loadLoss('c3'))).toMatchObject({ key: 'UNKNOWN_LOSS' });
  });

  it('include the losses of the classifier', async () => {
    expect((await loadLoss('ce')).metadata.id).toBe('ce');
  });
});

describe('plugins in memory', () => {
  it('are found by id until they are taken out', async () => {
    const plugin = await importPlugin(fixture('leaves-set'));
    const take = registerPlugin(plugin);
    expect(await loadAttack('leaves-set')).toBe(plugin);
    expect(listAttacks().find(({ metadata }) => metadata.id === 'leaves-set')?.origin).toEqual({
      from: 'memory',
    });
    take();
    expect(await failure(loadAttack('leaves-set'))).toMatchObject({ key: 'UNKNOWN_ATTACK' });
  });

  it('may be registered twice, but not under a name that is taken', async () => {
    const plugin = await importPlugin(fixture('leaves-set'));
    undo.push(registerPlugin(plugin));
    expect(() => registerPlugin(plugin)).not.toThrow();
    expect(() => registerPlugin({ ...plugin })).toThrow('another attack called "leaves-set"');
    const impostor = { ...plugin, metadata: { ...plugin.metadata, id: 'pgd' } };
    expect(() => registerPlugin(impostor)).toThrow('another attack called "pgd"');
  });

  it('are checked', () => {
    expect(() => registerPlugin({ kind: 'attack', metadata: { apiVersion: 1 } })).toThrow('metadata.id');
  });
});

describe('composites', () => {
  it('are found by id, and are no attacks', async () => {
    expect((await findComposite('autoattack'))?.metadata.id).toBe('autoattack');
    expect(await findComposite('pgd')).toBeUndefined();
    expect(await findComposite('no-such')).toBeUndefined();
    expect(listAttacks().some(({ metadata }) => metadata.id === 'autoattack')).toBe(false);
    expect((await failure(loadAttack('autoattack'))).message).toContain('a composite of several');
  });

  it('share their names with the attacks', async () => {
    const composite = (await findComposite('autoattack'))!;
    const renamed = (id: string) => ({ ...composite, metadata: { ...composite.metadata, id } });
    expect(() => registerPlugin(renamed('pgd'))).toThrow('another attack called "pgd"');
    undo.push(registerPlugin(renamed('my-cascade')));
    const attack = await importPlugin(fixture('leaves-set'));
    const impostor = { ...attack, metadata: { ...attack.metadata, id: 'my-cascade' } };
    expect(() => registerPlugin(impostor)).toThrow('another composite called "my-cascade"');
  });

  it('are suggested where an attack was misspelt', async () => {
    expect((await failure(loadAttack('autoatack'))).message).toContain('did you mean "autoattack"?');
  });
});

describe('plugins from a file', () => {
  it('are registered with a reference that a worker can load', async () => {
    const { plugin, reference } = await loadPlugin('./composite.mjs', fixtures);
    undo.push(registerPlugin(plugin, fixture('composite')));
    expect(reference).toEqual({ id: 'composite', version: '1.0.0', module: fixture('composite') });
    expect(await loadAttack(reference)).toBe(plugin);
    expect(await loadAttack('composite')).toBe(plugin);
    expect(listAttacks().find(({ metadata }) => metadata.id === 'composite')?.origin).toEqual({
      from: 'module',
      module: fixture('composite'),
    });
  });

  it('can be corruptions', async () => {
    const { plugin, reference } = await loadPlugin(fixture('invert'));
    undo.push(registerPlugin(plugin, fixture('invert')));
    expect((await loadCorruption(reference)).severities).toHaveLength(5);
  });

  it('are refused where another plugin is expected', async () => {
    const reference = { id: 'composite', version: '', module: fixture('invert') };
    expect((await failure(loadAttack(reference))).message).toMatch(
      /expected to be the attack.*corruption "invert"/,
    );
  });

  it.each([
    ['import-throws', 'PLUGIN_FAILED', 'no such luck'],
    ['old-api', 'PLUGIN_API', 'plugin API 0'],
    ['no-default', 'PLUGIN_INVALID', 'default export'],
    ['not-a-plugin', 'PLUGIN_INVALID', 'metadata.norms'],
    ['bad-severity', 'PLUGIN_INVALID', 'severities'],
    ['absent', 'PLUGIN_INVALID', 'does not exist'],
  ])('%s is refused with %s', async (name, key, message) => {
    const error = await failure(importPlugin(fixture(name)));
    expect(error.key).toBe(key);
    expect(error.message).toContain(`${name}.mjs`);
    expect(error.message).toContain(message);
  });
});

describe('plugins from a package', () => {
  it('are looked for from the folder that names them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gauntlet-plugin-'));
    undo.push(() => rmSync(folder, { recursive: true }));
    const home = join(folder, 'node_modules/gauntlet-attack-null');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      '{"name":"gauntlet-attack-null","type":"module","main":"index.js"}',
    );
    writeFileSync(join(home, 'index.js'), "export { default } from './attack.mjs';");
    writeFileSync(
      join(home, 'attack.mjs'),
      `import base from ${JSON.stringify(fixture('leaves-set'))}; export default { ...base };`,
    );
    expect((await importPlugin('gauntlet-attack-null', folder)).metadata.id).toBe('leaves-set');
  });

  it('that do not exist are named', async () => {
    expect(await failure(importPlugin('gauntlet-attack-of-nobody'))).toMatchObject({
      key: 'PLUGIN_INVALID',
      message: expect.stringContaining('gauntlet-attack-of-nobody'),
    });
  });

  it('are told from paths by how they are written', () => {
    expect(resolvePluginModule('./a.mjs', '/x')).toBe('/x/a.mjs');
    expect(resolvePluginModule('a.mjs', '/x')).toBe('/x/a.mjs');
    expect(resolvePluginModule('/a/b.js', '/x')).toBe('/a/b.js');
    expect(resolvePluginModule('gauntlet-attack-null', '/x')).toBe('gauntlet-attack-null');
    expect(resolvePluginModule('@scope/attack', '/x')).toBe('@scope/attack');
  });
});
