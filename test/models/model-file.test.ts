import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from '../../src/graph/onnx/generated/onnx_pb.js';
import { readOnnx } from '../../src/graph/onnx/read.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { loadModel } from '../../src/models/load.js';
import { openModel } from '../../src/models/model-file.js';
import { resolveModel } from '../../src/models/reference.js';
import { engine, randomBatch } from '../classifier/loaded.js';
import { randomMlp } from '../fixtures/graphs.js';

const graph = randomMlp(7, [6, 5, 4]);

interface External {
  readonly bytes: Uint8Array;
  readonly weights: Uint8Array;
}

/** The model with all its weights in one external file, eight bytes into it; `entries` changes what the first tensor says. */
function external(location: string, entries: Record<string, string | undefined> = {}): External {
  const model = fromBinary(ModelProtoSchema, writeOnnx(graph));
  const parts: Uint8Array[] = [new Uint8Array(8)];
  let offset = 8;
  model.graph!.initializer.forEach((tensor, i) => {
    const places: Record<string, string | undefined> = {
      ...{ location, offset: String(offset), length: String(tensor.rawData.length) },
      ...(i === 0 && entries),
    };
    parts.push(tensor.rawData);
    offset += tensor.rawData.length;
    tensor.rawData = new Uint8Array(0);
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = Object.entries(places).flatMap(([key, value]) =>
      value === undefined ? [] : [create(StringStringEntryProtoSchema, { key, value })],
    );
  });
  return { bytes: toBinary(ModelProtoSchema, model), weights: Buffer.concat(parts) };
}

let folder: string;
let count = 0;

/** Writes the model into a folder of its own, its weights beside it, and gives the model's path. */
async function save({ bytes, weights }: External, weightsAt = 'weights.bin'): Promise<string> {
  const place = join(folder, `model-${count++}`);
  await mkdir(join(place, 'sub'), { recursive: true });
  await writeFile(join(place, 'm.onnx'), bytes);
  await writeFile(join(place, weightsAt), weights);
  return join(place, 'm.onnx');
}

/** The graph in the file at the path. */
function read(path: string) {
  const file = openModel(path);
  try {
    return file.graph();
  } finally {
    file.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-external-'));
});

describe('weights in a file beside the model', () => {
  it.each([
    ['its folder', 'weights.bin', 'weights.bin'],
    ['a folder below', 'sub/weights.bin', 'sub/weights.bin'],
    ['a name with a dot in front', './weights.bin', 'weights.bin'],
    ['a name of two dots and more', '..weights', '..weights'],
  ])('are read from %s', async (_name, location, file) =>
    expect(read(await save(external(location), file)).initializers).toEqual(graph.initializers),
  );

  it('may leave out offset and length where a tensor is the whole file', async () => {
    const model = external('weights.bin', { location: 'first.bin', offset: undefined, length: undefined });
    const path = await save(model);
    const first = [...graph.initializers].sort()[0]![1].data;
    await writeFile(
      join(path, '..', 'first.bin'),
      new Uint8Array(first.buffer, first.byteOffset, first.byteLength),
    );
    expect(read(path).initializers).toEqual(graph.initializers);
  });

  it('give the same logits as in one file', async () => {
    const whole = join(folder, 'whole.onnx');
    await writeFile(whole, writeOnnx(graph));
    const paths = [whole, await save(external('weights.bin'))];
    const batch = randomBatch(1, 3, [6]);
    const logits = await Promise.all(
      paths.map(async (path) => {
        const model = await loadModel(await resolveModel(path), engine);
        return (await createClassifier(model, engine)).logits(batch);
      }),
    );
    expect(logits[1]).toEqual(logits[0]);
  });

  it('are part of the hash and of the size', async () => {
    const model = external('weights.bin');
    const path = await save(model);
    const before = await resolveModel(path);
    expect((await loadModel(before, engine)).bytes).toBe(model.bytes.length + model.weights.length);
    const weights = await readFile(join(path, '..', 'weights.bin'));
    weights[20]! ^= 1;
    await writeFile(join(path, '..', 'weights.bin'), weights);
    expect((await resolveModel(path)).sha256).not.toBe(before.sha256);
    await expect(loadModel(before, engine)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('not the one meant'),
    });
  });

  it.each<[string, External, string, RegExp]>([
    ['that is not there', external('gone.bin'), 'MODEL_NOT_FOUND', /gone\.bin/],
    ['that is a folder', external('sub'), 'MODEL_NOT_FOUND', /sub, which is not a file/],
    ['of an absolute path', external('/etc/hostname'), 'MODEL_INVALID', /"\/etc\/hostname".*outside/],
    ['of a Windows path', external('C:\\w.bin'), 'MODEL_INVALID', /outside the model's folder/],
    ['one folder up', external('../weights.bin'), 'MODEL_INVALID', /outside the model's folder/],
    ['one folder up on a detour', external('sub/../weights.bin'), 'MODEL_INVALID', /outside/],
    [
      'that is not named',
      external('weights.bin', { location: undefined }),
      'MODEL_INVALID',
      /no file is named/,
    ],
    [
      'too short',
      { ...external('weights.bin'), weights: new Uint8Array(40) },
      'MODEL_UNREADABLE',
      /needs bytes \d+ to \d+ of weights\.bin, which has 40/,
    ],
    [
      'with a negative offset',
      external('weights.bin', { offset: '-4' }),
      'MODEL_UNREADABLE',
      /offset "-4", which is not a whole number/,
    ],
    [
      'with an offset beyond its end',
      external('weights.bin', { offset: '99999999999' }),
      'MODEL_UNREADABLE',
      /which has \d+/,
    ],
    [
      'with a wrong length',
      external('weights.bin', { length: '4' }),
      'MODEL_UNREADABLE',
      /needs \d+ bytes.*4/,
    ],
  ])('in a file %s are refused', async (_name, model, key, message) => {
    const path = await save(model);
    const load = async () => loadModel(await resolveModel(path), engine);
    await expect(load()).rejects.toMatchObject({ key, message: expect.stringMatching(message) });
  });

  it('behind a link that leads out of the folder are refused, inside it they are read', async () => {
    const model = external('link.bin');
    const path = await save(model);
    await symlink('weights.bin', join(path, '..', 'link.bin'));
    expect(read(path).initializers).toEqual(graph.initializers);

    const other = await save(model);
    await symlink(join(path, '..', 'weights.bin'), join(other, '..', 'link.bin'));
    expect(() => read(other)).toThrow(/link that leads outside the model's folder/);
  });

  it('are not read for a model that is only in memory', () =>
    expect(() => readOnnx(external('weights.bin').bytes, 'm')).toThrow(/outside the model, in weights\.bin/));
});

describe('a model file', () => {
  it('that is not there is not found', async () =>
    expect(loadModel({ id: 'x', path: join(folder, 'none.onnx'), sha256: '' }, engine)).rejects.toMatchObject(
      {
        key: 'MODEL_NOT_FOUND',
        message: expect.stringContaining('none.onnx'),
      },
    ));

  it('cannot be a folder', () => expect(() => openModel(folder)).toThrow(/is not a file/));
});
