import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attackTemplate } from '../../src/cli/templates.js';
import { writeNewFiles } from '../../src/cli/write-new-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-new-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writing new files', () => {
  it('makes the folder and returns the paths', () => {
    const paths = writeNewFiles(join(folder, 'a/b'), attackTemplate('my-attack'));
    expect(paths).toEqual([join(folder, 'a/b/my-attack.mjs'), join(folder, 'a/b/my-attack.test.mjs')]);
    expect(readFileSync(paths[0]!, 'utf8')).toContain("id: 'my-attack'");
  });

  it('touches nothing when one of them exists', () => {
    writeFileSync(join(folder, 'x.test.mjs'), 'mine');
    expect(() => writeNewFiles(folder, attackTemplate('x'))).toThrow('x.test.mjs exists already');
    expect(readdirSync(folder)).toEqual(['x.test.mjs']);
    expect(readFileSync(join(folder, 'x.test.mjs'), 'utf8')).toBe('mine');
  });

  it('says which folder cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeNewFiles(join(folder, 'file/inside'), attackTemplate('x'))).toThrow(
      /file\/inside cannot be written/,
    );
  });
});
