import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digits } from '../train/tiny-training.js';
import { cli, scratchFolder } from './cli.js';

const page = readFileSync('docs/guide/architectures.md', 'utf8');
const scratch = scratchFolder();
afterAll(() => scratch.remove());

/** The files of the page, each named by its first line. */
const files = new Map(
  [...page.matchAll(/```(?:js|yaml)\n(?:\/\/|#) (\S+)\n([^]*?)```/g)].map(([, name, text]) => [name!, text!]),
);
/** Its command lines, without the name of the tool. */
const commands = [...page.matchAll(/^gauntlet (.+)$/gm)].map(([, line]) => line!.split(/\s+/));
const run = (args: readonly string[]) => cli(args, { cwd: scratch.path });

/** The page's recipe, on few images and for a short time. */
const recipe = files
  .get('my-recipe.yaml')!
  .replace('source: mnist, validation: 2000', `source: ${JSON.stringify(digits)}, validation: 80`)
  .replace('epochs: 10', 'epochs: 2');

beforeAll(() => {
  for (const [name, text] of files) writeFileSync(join(scratch.path, name), text);
  writeFileSync(join(scratch.path, 'my-recipe.yaml'), recipe);
});

describe('the page on architectures', () => {
  it('has command lines that list, check and train with its files, and attack what comes out without them', async () => {
    const [list, validate, train, attack] = commands as [string[], string[], string[], string[]];
    const listed = await run([...list, '--json']);
    const { architectures } = JSON.parse(listed.stdout) as {
      architectures: { id: string; details: { part: string; origin: string } }[];
    };
    const details = (id: string) => architectures.find((item) => item.id === id)?.details;
    expect(details('my-net')).toMatchObject({ part: 'backbone', version: '1.0.0', origin: 'module' });
    expect(details('my-head')).toMatchObject({ part: 'head', origin: 'module' });
    expect(details('mlp')).toMatchObject({ part: 'backbone', origin: 'built-in' });

    const valid = await run(validate);
    expect(valid.stdout).toContain('ok: my-recipe.yaml is a recipe: my-model, 2 epochs');

    const trained = await run([...train, '--threads', '1']);
    expect({ status: trained.status, stdout: trained.stdout }).toEqual({
      status: 0,
      stdout: 'wrote my-model/model.onnx\nwrote my-model/card.json\n',
    });
    expect(trained.stderr).toContain('epoch 2/2');

    const attacked = await run([...attack, '--examples', '10', '--attack', 'fgsm', '--json']);
    expect(attacked.status).toBe(0);
    expect((JSON.parse(attacked.stdout) as { n: number }).n).toBe(10);
  });

  it('has a test that passes', async () => {
    const { architectureContract } = await import('../../src/plugin/testing.js');
    const { importPlugin } = await import('../../src/plugin/load.js');
    // Where the name of the package resolves.
    mkdirSync('.gauntlet', { recursive: true });
    const path = resolve('.gauntlet', 'own-architecture.mjs');
    writeFileSync(path, files.get('my-net.mjs')!.replace("'gauntlet-bench/plugin'", "'#plugin'"));
    const parameters = { channels: [4, 6] };
    expect(files.get('my-net.test.mjs')).toContain('const parameters = { channels: [4, 6] };');
    const checks = architectureContract(await importPlugin(path), { parameters });
    expect(checks).toHaveLength(15);
    for (const { run: keep } of checks) await keep();
  });
});

describe('an architecture of the user', () => {
  it('is found through the configuration, by `zoo train` as well', async () => {
    const zoo = join(scratch.path, 'zoo');
    mkdirSync(join(zoo, 'my-model'), { recursive: true });
    writeFileSync(join(zoo, 'my-model', 'recipe.yaml'), recipe);
    writeFileSync(
      join(scratch.path, 'mine.json'),
      JSON.stringify({ plugins: ['./my-net.mjs', './my-head.mjs'] }),
    );
    const train = () =>
      run(['zoo', 'train', '--zoo', zoo, '--config', 'mine.json', '--threads', '1', '--json']);
    const statuses = async () =>
      (JSON.parse((await train()).stdout) as { models: { status: string }[] }).models.map(
        ({ status }) => status,
      );
    expect(await statuses()).toEqual(['trained']);
    expect(await statuses()).toEqual(['already']);
    expect(existsSync(join(zoo, 'my-model', 'model.onnx'))).toBe(true);
  });

  it.each<[string, string[], string]>([
    [
      'that is not loaded is unknown to the recipe, which says what there is',
      ['train', 'my-recipe.yaml', '--plugin', './my-head.mjs'],
      'my-recipe.yaml:6:15: network.backbone.kind: must be one of "mlp", "cnn", "resnet", "resnet18", "resnet50".',
    ],
    [
      'with the id of a built-in one is refused',
      ['train', 'my-recipe.yaml', '--plugin', './impostor.mjs'],
      'impostor.mjs: there is another architecture called "mlp"; choose another id',
    ],
  ])('%s', async (_what, args, message) => {
    const net = files.get('my-net.mjs')!;
    writeFileSync(join(scratch.path, 'impostor.mjs'), net.replace("id: 'my-net'", "id: 'mlp'"));
    const { status, stderr } = await run(args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('is begun with `gauntlet new`, which says how to train it', async () => {
    const { status, stdout } = await run(['new', 'backbone', 'new-net']);
    expect(status).toBe(0);
    expect(stdout).toContain('use it:   gauntlet train RECIPE --plugin new-net.mjs');
  });
});
