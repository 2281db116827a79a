import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../src/results/make-folder.js';

describe('making a folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'gauntlet-folder-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('makes those above it, several at once, and is content with one that is there', async () => {
    for (let round = 0; round < 50; round++) {
      const path = join(root, `a${round}`, 'b', 'c');
      const beside = join(root, `a${round}`, 'd');
      await Promise.all([makeFolder(path), makeFolder(path), makeFolder(beside)]);
      await makeFolder(path);
      expect(existsSync(path) && existsSync(beside)).toBe(true);
    }
  });

  it('fails where a file stands in the way', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(makeFolder(file)).rejects.toThrow(/EEXIST/);
    await expect(makeFolder(join(file, 'below'))).rejects.toThrow(/ENOTDIR/);
  });

  const onProc = existsSync('/proc/self') ? it : it.skip;
  onProc('fails, rather than going on for ever, where nothing can be made', async () => {
    await expect(makeFolder('/proc/gauntlet/run')).rejects.toThrow(/ENOENT/);
  });
});
