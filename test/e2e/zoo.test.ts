import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { digits, tinyRecipe } from '../train/tiny-training.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
const zoo = join(folder.path, 'zoo');
const work = join(folder.path, 'work');

function addRecipe(id: string, changes: object = {}): void {
  mkdirSync(join(zoo, id), { recursive: true });
  writeFileSync(join(zoo, id, 'recipe.yaml'), stringify({ ...tinyRecipe, epochs: 2, id, ...changes }));
}

const run = (...args: string[]) => cli(['zoo', ...args, '--zoo', zoo, '--threads', '1']);
const train = (...args: string[]) => run('train', '--work', work, ...args);
const statuses = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as { models: { id: string; status: string }[] }).models.map(
      ({ id, status }) => [id, status] as const,
    ),
  );

describe('training a zoo', () => {
  beforeAll(() => {
    addRecipe('first');
    addRecipe('second', { seed: 6 });
    addRecipe('without-data', { data: { source: 'fashion-mnist', validation: 80 } });
  });
  afterAll(() => folder.remove());

  it('trains what --only matches and leaves what is trained alone', async () => {
    const only = await train('--only', 'fir*', '--json');
    expect(only.status).toBe(0);
    expect(statuses(only.stdout)).toEqual({ first: 'trained' });
    const { mtimeMs } = statSync(join(zoo, 'first', 'model.onnx'));

    const all = await train('--json', '--allow-missing');
    expect(all.status).toBe(0);
    expect(statuses(all.stdout)).toEqual({
      first: 'already',
      second: 'trained',
      'without-data': 'unavailable',
    });
    expect(statSync(join(zoo, 'first', 'model.onnx')).mtimeMs).toBe(mtimeMs);
    expect(all.stderr).toMatch(/^second {2}epoch 2\/2/m);
  });

  it('says which could not be trained, with exit code 3', async () => {
    const { status, stderr } = await train('--only', 'without-*');
    expect(status).toBe(3);
    expect(stderr).toContain('Not trained: without-data');
  });

  it('stops when its minutes are over, which is no failure, and goes on when it is called again', async () => {
    addRecipe('third', { seed: 7 });
    const stopped = await train('--only', '*ir*', '--minutes', '0.0001', '--json');
    expect(stopped.status).toBe(0);
    const { first, third } = statuses(stopped.stdout);
    expect(first).toBe('already');
    expect(['stopped', 'waiting']).toContain(third);
    expect(existsSync(join(zoo, 'third', 'model.onnx'))).toBe(false);
    const again = await train('--only', 'third', '--json');
    expect(statuses(again.stdout)).toEqual({ third: 'trained' });
  });

  it('is measured again by verify, which finds what does not fit its card', async () => {
    const genuine = await run('verify', '--json');
    expect(genuine.status).toBe(0);
    expect(statuses(genuine.stdout)).toEqual({ first: 'same', second: 'same', third: 'same' });

    const card = join(zoo, 'second', 'card.json');
    const text = readFileSync(card, 'utf8');
    const { training } = JSON.parse(text) as { training: { accuracy: { test: { correct: number } } } };
    const { correct } = training.accuracy.test;
    writeFileSync(card, text.replace(`"correct": ${correct},`, `"correct": ${correct + 1},`));
    const changed = await run('verify');
    expect(changed.status).toBe(3);
    expect(changed.stdout).toMatch(/differs +\d+\/\d+ +\d+ of \d+ right, the card has \d+/);
    expect(changed.stderr).toContain('GAUNTLET_E_ZOO_DIFFERS');
    writeFileSync(card, text);
  });

  it('is unavailable where the data of a card are not here: exit code 0 only with --allow-missing', async () => {
    const card = join(zoo, 'first', 'card.json');
    const text = readFileSync(card, 'utf8');
    writeFileSync(card, text.replaceAll(JSON.stringify(digits), '"fashion-mnist"'));
    const strict = await run('verify', '--only', 'first');
    expect(strict.status).toBe(3);
    expect(strict.stdout).toContain('unavailable');
    const lenient = await run('verify', '--only', 'first', '--allow-missing');
    writeFileSync(card, text);
    expect(lenient.status).toBe(0);
  });
});
