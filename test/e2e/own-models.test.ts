import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { AttackOutput } from '../../src/results/schema/attack-output.js';
import { validateResult } from '../../src/results/validate.js';
import { servedTwin, twinFolder } from '../models/defined/twin.js';
import { modelServer, sendJson } from '../models/http/server.js';
import { cli, finished, startCli } from './cli.js';

const folder = await twinFolder();
const server = modelServer(servedTwin);
const page = readFileSync('docs/guide/own-models.md', 'utf8');

/** The command lines of the page, without the name of the tool, for this server and these data. */
const commands = (): string[][] =>
  [...page.matchAll(/^gauntlet (.+)$/gm)].map(([, line]) =>
    line!
      .replace(/http:\/\/\S+\/(v\d)\/\S+/, (_url, protocol: 'v1' | 'v2') => server.url(protocol))
      .replace('my-images.npz', folder.data)
      .match(/"[^"]*"|\S+/g)!
      .map((word) => word.replaceAll('"', '')),
  );
const few = ['--examples', '8', '--epsilon', '0.06'];
const attack = (url: string, ...args: string[]) =>
  cli(['attack', url, '--data', folder.data, ...few, ...args]);
const parse = (stdout: string): AttackOutput => validateResult('attack-output', JSON.parse(stdout), 'output');

describe('the page on models that are no files', () => {
  it('has an example that runs', async () => {
    // Inside the package, where Node finds it and TensorFlow.js by their names.
    mkdirSync('.gauntlet', { recursive: true });
    const own = mkdtempSync(resolve('.gauntlet', 'own-model-'));
    try {
      writeFileSync(join(own, 'my-network.mjs'), /```js\n([^]*?)```/.exec(page)![1]!);
      const { status, stdout, stderr } = await cli([...commands()[0]!, '--jobs', '2', '--json'], {
        cwd: own,
      });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      const { model, outcomes } = parse(stdout);
      expect(model).toMatchObject({
        id: 'my-network',
        file: join(own, 'my-network.mjs'),
        declared: { by: 'code', version: '1', gradients: true },
      });
      expect(outcomes).toMatch(/^[fw]*r?[fw]*$/);
      expect(outcomes).toContain('f');
      expect(stderr).toContain(
        'my-network is no file that workers could load: everything runs in this thread.',
      );
    } finally {
      rmSync(own, { recursive: true });
    }
  });

  it('has command lines that run, with the attack that applies where none is named', async () => {
    expect(commands().map(([command]) => command)).toEqual(['attack', 'attack', 'attack']);
    const [, kserve, serving] = commands() as [string[], string[], string[]];
    const square = await cli([...kserve, '--examples', '8', '--queries', '40', '--json']);
    expect(parse(square.stdout)).toMatchObject({
      attack: { id: 'square' },
      model: { file: server.url('v2'), declared: { by: 'kserve-v2', version: '3', gradients: false } },
    });
    const hopskipjump = await cli([...serving, '--examples', '8', '--queries', '60', '--json']);
    expect(parse(hopskipjump.stdout)).toMatchObject({
      outcomes: 'ffffffff',
      attack: { id: 'hopskipjump' },
      model: { file: server.url('v1'), declared: { by: 'tf-serving', version: '3' } },
    });
    expect(server.seen.at(-1)!.headers.authorization).toBe('Bearer TOKEN');
    expect(hopskipjump.stdout + hopskipjump.stderr).not.toContain('TOKEN');
  });
});

describe('a model behind HTTP at the command line', () => {
  const out = join(folder.path, 'kept');
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('comes to the outcomes of the same network as a file', async () => {
    const boundary = ['--attack', 'boundary', '--norm', 'l2', '--epsilon', '1', '--queries', '150', '--json'];
    const args = ['--data', folder.data, '--examples', '8', ...boundary];
    const [served, native] = await Promise.all([
      cli(['attack', server.url('v2'), ...args, '--jobs', '2']),
      cli(['attack', folder.model, ...args]),
    ]);
    expect(served.stderr).toContain('linear is no file that workers could load');
    expect(parse(served.stdout).outcomes).toBe(parse(native.stdout).outcomes);
    expect(parse(served.stdout).outcomes).toContain('f');
  });

  it('is asked again by replay', async () => {
    expect((await attack(server.url('v2'), '--queries', '40', '--out', out)).status).toBe(0);
    const cell = join(out, 'cells', readdirSync(join(out, 'cells'))[0]!);
    const unnamed = await cli(['replay', cell]);
    expect(unnamed.status).toBe(2);
    expect(unnamed.stderr).toContain(`it was ${server.url('v2')}`);
    const { status, stdout } = await cli([
      ...['replay', cell, '--model', server.url('v2'), '--header', 'x-token: secret'],
    ]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/(\d) of \1 stored/) as unknown,
    });
    expect(server.seen.at(-1)!.headers['x-token']).toBe('secret');
  });

  it.each([
    [
      'an attack by gradient',
      ['--attack', 'pgd'],
      2,
      /E_NO_GRADIENT: pgd follows gradients.*--attack square/s,
    ],
    [
      'a budget that is used up',
      ['--query-budget', '100'],
      3,
      /E_QUERY_BUDGET: linear may be asked about 100/,
    ],
    ['a header that is none', ['--header', 'secret'], 2, /E_USAGE: --header takes "Name: value"; number 1/],
  ])('ends with a message and no result: %s', async (_what, args, code, message) => {
    const { status, stdout, stderr } = await attack(server.url('v2'), ...args);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret');
  });

  it('ends with what was received when the answer is a page of HTML', async () => {
    server.behave(({ method }, response, usual) =>
      method === 'GET'
        ? sendJson(response, usual())
        : void response.writeHead(200).end('<html>\u001b[31mLog in</html>'),
    );
    const { status, stdout, stderr } = await attack(server.url('v2'));
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain(
      `${server.url('v2')}/infer: the answer is no JSON: 200: <html> [31mLog in</html>`,
    );
  });

  it('is left at once on Ctrl-C, though it never answers', async () => {
    const child = startCli(['attack', server.url('v2'), '--data', folder.data, '--model-timeout', '3600']);
    server.behave(({ method }, response, usual) => {
      if (method === 'GET') sendJson(response, usual());
      else child.kill('SIGINT');
    });
    const { status, stdout } = await finished(child);
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
  });

  it('has a row in a table beside files, its cells being those of the whole run', async () => {
    const run = join(folder.path, 'table');
    const suite = join(folder.path, 'served.yaml');
    writeFileSync(
      suite,
      `id: served
version: 1
title: Served
dataset: { source: ${folder.data}, split: test }
examples: { first: 8 }
models: [${folder.model}, '${server.url('v2')}']
seed: 1
entries:
  - { id: fgsm, kind: attack, attack: fgsm, threat: { kind: lp, norm: linf, epsilon: 0.06 } }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [3] }
`,
    );
    const { status, stdout, stderr } = await cli(['run', suite, '--out', run]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/linear: the model is no file \(behind HTTP, kserve-v2, version 3\)/);
    expect(readdirSync(join(run, 'cells')).sort()).toEqual([
      ...['linear--contrast-3.json', 'linear--fgsm.json', 'native--contrast-3.json', 'native--fgsm.json'],
    ]);
  });
});
