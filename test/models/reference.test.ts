import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../src/fingerprint.js';
import { listZoo, matchModels, modelHash, resolveModel } from '../../src/models/reference.js';
import { packageRoot, resourcePath } from '../../src/resources.js';

const bytes = Uint8Array.of(1, 2, 3);
const card = (fields: object) => JSON.stringify({ schemaVersion: 1, ...fields });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-models-'));
  await mkdir(join(folder, 'mine'));
  await mkdir(join(folder, 'other'));
  const files: [string, string | Uint8Array][] = [
    ['plain.onnx', bytes],
    ['carded.onnx', bytes],
    ['carded.card.json', card({ title: 'Carded', output: 'z' })],
    ['titled.onnx', bytes],
    ['titled.card.json', card({ title: 'Only a title' })],
    ['elsewhere.json', card({ id: 'renamed', output: 'z' })],
    ['mine/model.onnx', bytes],
    ['straight.onnx', bytes],
    ['straight.card.json', card({ gradient: 'straight-through' })],
    ['mine/card.json', card({ output: 'z' })],
    ['other/plain.onnx', Uint8Array.of(4)],
  ];
  await Promise.all(files.map(([name, content]) => writeFile(join(folder, name), content)));
});

describe('resolving a model', () => {
  it('by path takes the file name as id and hashes the file', async () => {
    const path = join(folder, 'plain.onnx');
    expect(await resolveModel(path)).toEqual({ id: 'plain', path, sha256: sha256(bytes) });
  });

  it('finds MODEL.card.json beside it and lets it change the hash', async () => {
    const found = await resolveModel(join(folder, 'carded.onnx'));
    expect(found.card).toBe(join(folder, 'carded.card.json'));
    expect(found.sha256).not.toBe(sha256(bytes));
  });

  it('takes the output a caller names as if a card had named it', async () => {
    const path = join(folder, 'plain.onnx');
    const named = await resolveModel(path, { output: 'z' });
    const byCard = await resolveModel(join(folder, 'carded.onnx'));
    expect(named).toEqual({ id: 'plain', path, sha256: byCard.sha256, output: 'z' });
    expect((await resolveModel(join(folder, 'carded.onnx'), { output: 'other' })).sha256).not.toBe(
      byCard.sha256,
    );
  });

  it('has the same hash whatever a card says that does not touch the computation', async () => {
    expect((await resolveModel(join(folder, 'titled.onnx'))).sha256).toBe(sha256(bytes));
    const base = { schemaVersion: 1, output: 'z' } as const;
    expect(modelHash(sha256(bytes), { ...base, licence: 'MIT', numClasses: 10 })).toBe(
      modelHash(sha256(bytes), base),
    );
    expect(modelHash(sha256(bytes), { ...base, features: 'h' })).not.toBe(modelHash(sha256(bytes), base));
    expect(modelHash(sha256(bytes), { ...base, preprocessing: { scale: 255 } })).not.toBe(
      modelHash(sha256(bytes), base),
    );
    expect(modelHash(sha256(bytes), { ...base, input: { layout: 'NHWC' } })).not.toBe(
      modelHash(sha256(bytes), base),
    );
  });

  it('says how gradients are taken, as its card or the caller wishes, under the same hash', async () => {
    const path = join(folder, 'straight.onnx');
    const { sha256: hash, ...found } = await resolveModel(path);
    expect(found).toMatchObject({ gradient: 'straight-through' });
    expect(hash).toBe(sha256(bytes));
    expect(await resolveModel(path, { straightThrough: false })).not.toHaveProperty('gradient');
    const plain = join(folder, 'plain.onnx');
    expect(await resolveModel(plain)).not.toHaveProperty('gradient');
    expect((await matchModels([plain], { straightThrough: true }))[0]).toMatchObject({
      gradient: 'straight-through',
    });
  });

  it('by folder takes model.onnx and card.json, named like the folder', async () => {
    const found = await resolveModel(join(folder, 'mine'));
    expect(found).toMatchObject({
      id: 'mine',
      path: join(folder, 'mine', 'model.onnx'),
      card: join(folder, 'mine', 'card.json'),
    });
  });

  it('prefers the card it is given, and the id that card gives', async () => {
    const given = join(folder, 'elsewhere.json');
    expect(await resolveModel(join(folder, 'carded.onnx'), { card: given })).toMatchObject({
      id: 'renamed',
      card: given,
    });
  });

  it('names the nearest file when there is none of that name', async () => {
    await expect(resolveModel(join(folder, 'plian.onnx'))).rejects.toMatchObject({
      key: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/plian\.onnx; did you mean "plain\.onnx"\?/),
    });
  });

  it('that is neither a path nor in the zoo is unknown', async () => {
    await expect(resolveModel('no-such-model')).rejects.toMatchObject({ key: 'UNKNOWN_MODEL' });
  });
});

describe('matching models', () => {
  it('is no URL: those are for what can ask a server', async () => {
    const error: unknown = await resolveModel('http://user:secret@host/v2/models/m?token=secret').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      key: 'MODEL_NOT_FOUND',
      message: 'a file is needed here, received the URL http://host/v2/models/m',
    });
  });

  it('lists each model once, in the order asked for', async () => {
    const [plain, mine] = [join(folder, 'plain.onnx'), join(folder, 'mine')];
    expect((await matchModels([mine, plain, mine])).map(({ id }) => id)).toEqual(['mine', 'plain']);
  });

  it('tells different models of one name apart by their hash', async () => {
    const ids = (await matchModels([join(folder, 'plain.onnx'), join(folder, 'other', 'plain.onnx')])).map(
      ({ id }) => id,
    );
    expect(ids).toEqual([
      `plain-${sha256(bytes).slice(0, 8)}`,
      `plain-${sha256(Uint8Array.of(4)).slice(0, 8)}`,
    ]);
  });

  it('that a glob finds none of is unknown', async () => {
    await expect(matchModels(['no-such-*'])).rejects.toMatchObject({
      key: 'UNKNOWN_MODEL',
      help: expect.stringContaining('--models'),
    });
  });
});

describe('the zoo', () => {
  it('lies in the package and every entry resolves by its id', async () => {
    expect(resourcePath('zoo')).toBe(join(packageRoot, 'zoo'));
    const entries = await listZoo();
    for (const { id, path, cardPath } of entries) {
      expect(await resolveModel(id)).toMatchObject({ id, path, card: cardPath });
    }
    expect((entries.length === 0 ? [] : await matchModels(['*'])).map(({ id }) => id)).toEqual(
      entries.map(({ id }) => id),
    );
  });
});
