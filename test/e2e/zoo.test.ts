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

  it('stops when its minutes are over, and goes on from there', async () => {
    addRecipe('long', { seed: 7, epochs: 400, selectFrom: 400 });
    const first = await train('--only', 'long', '--minutes', '0.04', '--json');
    expect(first.status).toBe(0);
    expect(statuses(first.stdout)).toEqual({ long: 'stopped' });
    const epochs = () =>
      readFileSync(join(work, 'long', 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n').length;
    const before = epochs();
    expect(before).toBeLessThan(400);
    const second = await train('--only', 'long', '--minutes', '0.04', '--json');
    expect(statuses(second.stdout)).toEqual({ long: 'stopped' });
    expect(epochs()).toBeGreaterThan(before);
    expect(existsSync(join(zoo, 'long', 'model.onnx'))).toBe(false);
  });

  it('is measured again by verify, which finds what does not fit its card', async () => {
    const genuine = await run('verify', '--json');
    expect(genuine.status).toBe(0);
    expect(statuses(genuine.stdout)).toEqual({ first: 'same', second: 'same' });

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
