import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { loadModel } from '../../../src/models/load.js';
import { openModel } from '../../../src/models/model-file.js';
import { resolveModel } from '../../../src/models/reference.js';
import { engine } from '../../classifier/loaded.js';
import { tfl, type Symbolic } from './cases/layer-case.js';
import { randomise, saved, write, type SavedModel } from './saved.js';

let file: SavedModel;
beforeAll(async () => {
  const inputs = layers.input({ shape: [6] });
  const outputs = tfl.dense({ units: 3 }).apply(inputs) as Symbolic;
  const model = layers.model({ inputs, outputs });
  randomise(model, 2);
  file = await saved(model);
});

const refusal = (key: string, message: string) =>
  expect.objectContaining({ key, message: expect.stringContaining(message) as unknown });

describe('the files of a TensorFlow.js model', () => {
  const shards = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];

  it('are hashed together: another shard is another model', async () => {
    const path = write(file, 2);
    const before = await resolveModel(path);
    expect(before.id).toBe(basename(dirname(path)));
    const shard = join(dirname(path), shards[1]!);
    const bytes = readFileSync(shard);
    bytes[3]! ^= 1;
    writeFileSync(shard, bytes);
    const after = await resolveModel(path);
    expect(after.sha256).not.toBe(before.sha256);
    await expect(loadModel(before, engine)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('is not the one meant') as unknown,
    });
  });

  it('are counted together', () => {
    const path = write(file, 2);
    expect(openModel(path).size).toBe(readFileSync(path).length + file.weightData.length);
  });

  it('must all be there', () => {
    const path = write(file, 2);
    rmSync(join(dirname(path), shards[1]!));
    expect(() => openModel(path)).toThrow(refusal('MODEL_NOT_FOUND', shards[1]!));
  });

  it('must be complete', () => {
    const path = write(file, 2);
    const shard = join(dirname(path), shards[0]!);
    writeFileSync(shard, readFileSync(shard).subarray(4));
    const [expected, received] = [file.weightData.length, file.weightData.length - 4];
    expect(() => openModel(path).graph()).toThrow(
      refusal('MODEL_UNREADABLE', `must hold ${expected} bytes of weights, received ${received}`),
    );
  });

  it('must lie in the folder of the model', () => {
    const path = write(file);
    const text = readFileSync(path, 'utf8');
    for (const location of ['../weights.bin', '/etc/hostname', 'sub/../../weights.bin']) {
      writeFileSync(path, text.replace('group1-shard1of1.bin', location));
      expect(() => openModel(path)).toThrow(refusal('MODEL_INVALID', 'points outside'));
    }
    const outside = join(mkdtempSync(join(tmpdir(), 'gauntlet-outside-')), 'w.bin');
    writeFileSync(outside, file.weightData);
    symlinkSync(outside, join(dirname(path), 'link.bin'));
    writeFileSync(path, text.replace('group1-shard1of1.bin', 'link.bin'));
    expect(() => openModel(path)).toThrow(refusal('MODEL_INVALID', 'is a link that leads outside'));
  });

  it.each([
    ['no JSON', '{"modelTopology": {', 'MODEL_UNREADABLE', 'expected the JSON of a TensorFlow.js model'],
    ['another JSON', '{"entries": []}', 'MODEL_INVALID', 'modelTopology must be an object, received nothing'],
    ['a list', '[1, 2]', 'MODEL_INVALID', 'modelTopology must be an object'],
    ['no weights', '{"modelTopology": {}}', 'MODEL_INVALID', 'weightsManifest must be a list'],
    [
      'an unknown format',
      '{"format": "other", "modelTopology": {}, "weightsManifest": []}',
      'MODEL_INVALID',
      'format must be layers-model or graph-model, received "other"',
    ],
    [
      'no model in it',
      '{"modelTopology": {"class_name": "Dense"}, "weightsManifest": []}',
      'MODEL_INVALID',
      'must be a Sequential, Functional or Model, received "Dense"',
    ],
    [
      'no layers',
      '{"modelTopology": {"class_name": "Sequential", "config": []}, "weightsManifest": []}',
      'MODEL_INVALID',
      'a model must have layers',
    ],
  ])('must begin with a model.json: %s', (_what, text, key, message) => {
    const path = write(file);
    writeFileSync(path, text);
    expect(() => openModel(path).graph()).toThrow(refusal(key, message));
  });
});
