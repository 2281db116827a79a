import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../../../src/models/http/address.js';
import { randomBatch } from '../../classifier/loaded.js';
import { asked, open } from './asked.js';
import { linear, modelServer, scoresOf, sendJson } from './server.js';

const SHAPE = [1, 2, 3];
const WEIGHTS = [
  [1, -2, 0.5, 3, 0, -1, 0.25],
  [0.1, 0.2, 0.3, -0.4, 0.5, 0.6, -0.7],
  [-1, 1, -1, 1, -1, 1, 0],
];
const server = modelServer(linear(WEIGHTS, SHAPE));
const batch = randomBatch(1, 7, SHAPE);
const expected = Float32Array.from(
  batch.keys.flatMap((_key, row) => scoresOf(WEIGHTS, [...batch.data.subarray(row * 6, (row + 1) * 6)])),
);

describe.each(['v1', 'v2'] as const)('a model behind HTTP, /%s/', (protocol) => {
  const url = () => server.url(protocol);

  it('is what its metadata say', async () => {
    const { reference, input, numClasses } = await open(url());
    expect(input).toEqual({ shape: SHAPE, layout: 'NCHW', bounds: [0, 1] });
    expect(numClasses).toBe(3);
    expect(reference).toMatchObject({
      id: 'linear',
      path: url(),
      declared: { by: protocol === 'v1' ? 'tf-serving' : 'kserve-v2', version: '3', gradients: false },
    });
  });

  it('gives the scores its server computes, whatever the size of a request', async () => {
    for (const options of [{}, { batchSize: 1 }, { batchSize: 3 }, { batchSize: 2, concurrency: 1 }]) {
      expect(await asked(await open(url(), options)).logits(batch)).toEqual(expected);
    }
  });

  it('is sent every float32 exactly', async () => {
    const values = Float32Array.of(0.1, 1 / 3, 1.1754944e-38, 1e-45, 0.99999994, 1);
    await asked(await open(url())).logits({ shape: SHAPE, data: values, keys: [0] });
    const { instances, inputs } = server.seen.at(-1)!.body as {
      readonly instances?: unknown[];
      readonly inputs?: [{ readonly data: unknown[] }];
    };
    expect((instances ?? inputs![0].data).flat(Infinity)).toEqual([...values]);
  });

  it('is not asked about what JSON has no numbers for: such an example has no scores', async () => {
    const data = batch.data.slice();
    data[6] = NaN;
    data[14] = Infinity;
    const scores = await asked(await open(url())).logits({ ...batch, data });
    expect([...scores.subarray(3, 9)]).toEqual(new Array(6).fill(NaN));
    expect(scores.subarray(9)).toEqual(expected.subarray(9));
    expect(scores.subarray(0, 3)).toEqual(expected.subarray(0, 3));
  });

  it('gets inputs as the card prepares them', async () => {
    const preprocessing = { scale: 255, mean: 100, std: 50 };
    const scores = await asked(await open(url(), {}, { preprocessing })).logits(batch);
    const prepared = batch.data.map((value) => (value * 255 - 100) / 50);
    scores.subarray(0, 3).forEach((score, k) => {
      expect(score).toBeCloseTo(scoresOf(WEIGHTS, [...prepared.subarray(0, 6)])[k]!, 4);
    });
  });

  it('is another model at another place, version, card or kind of scores', async () => {
    const hash = async (...args: Parameters<typeof open>) => (await open(...args)).reference.sha256;
    const same = await hash(url());
    expect(await hash(url(), { batchSize: 2, retries: 0, headers: { 'x-token': 'secret' } })).toBe(same);
    const others = [
      await hash(url(), {}, { input: { bounds: [-1, 1] } }),
      await hash(url(), {}, { preprocessing: { mean: 0.5 } }),
      await hash(url(), { scores: 'probabilities' }),
      await hash(`${url()}/versions/3`),
    ];
    expect(new Set([same, ...others]).size).toBe(5);
  });

  it('whose scores are probabilities is seen through their logarithms, and refused where they are none', async () => {
    const model = await open(url(), { scores: 'probabilities' });
    await expect(asked(model).logits(batch)).rejects.toMatchObject({ code: 'GAUNTLET_E_MODEL_ANSWER' });
    server.behave((request, response, usual) => {
      if (request.body === undefined) {
        sendJson(response, usual());
        return;
      }
      const scores = [0.25, 0.75, 0];
      sendJson(
        response,
        protocol === 'v1'
          ? { predictions: [scores] }
          : { outputs: [{ name: 'scores', datatype: 'FP32', shape: [1, 3], data: [scores] }] },
      );
    });
    const [low, high, none] = await asked(model).logits({
      shape: SHAPE,
      data: batch.data.slice(0, 6),
      keys: [0],
    });
    expect([low, high]).toEqual([Math.fround(Math.log(0.25)), Math.fround(Math.log(0.75))]);
    expect(none).toBeLessThan(Math.log(1.4e-45));
  });

  it('sends the headers it is given, and keeps them out of what it says of itself', async () => {
    const model = await open(url(), { headers: { authorization: 'Bearer secret' } });
    await asked(model).logits(batch);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(
      server.seen.map(() => 'Bearer secret'),
    );
    expect(JSON.stringify(model.reference)).not.toContain('secret');
  });
});

describe('a server of TensorFlow that says nothing of its model', () => {
  it('is described by the card', async () => {
    server.behave(({ path }, response, usual) =>
      path.endsWith('/metadata')
        ? sendJson(response, { error: 'no such' }, 404)
        : sendJson(response, usual()),
    );
    await expect(open(server.url('v1'))).rejects.toMatchObject({ code: 'GAUNTLET_E_MODEL_INVALID' });
    const model = await open(server.url('v1'), {}, { input: { shape: SHAPE }, numClasses: 3 });
    expect(await asked(model).logits(batch)).toEqual(expected);
  });

  it('gives scores by the name of an output where there are several', async () => {
    const model = await open(server.url('v1'), { output: 'scores' });
    server.behave((_request, response, usual) => {
      const { predictions } = usual() as { predictions: number[][] };
      sendJson(response, { predictions: predictions.map((scores) => ({ scores, features: [1] })) });
    });
    expect(await asked(model).logits(batch)).toEqual(expected);
  });
});

describe('a server that takes so many rows and no others', () => {
  it('gets copies of the last one, whose scores are dropped', async () => {
    server.behave(({ body, method }, response, usual) => {
      const metadata = usual() as { inputs: { shape: number[] }[] };
      if (method === 'GET') metadata.inputs[0]!.shape[0] = 4;
      else expect((body as { inputs: { shape: number[] }[] }).inputs[0]!.shape[0]).toBe(4);
      sendJson(response, metadata);
    });
    expect(await asked(await open(server.url('v2'))).logits(batch)).toEqual(expected);
  });
});

describe('metadata that make no sense', () => {
  const X = { name: 'x', datatype: 'FP32', shape: [-1, 1, 2, 3] };
  const SCORES = { name: 'scores', datatype: 'FP32', shape: [-1, 3] };
  it.each([
    ['another document', { hello: 'world' }, 'MODEL_ANSWER', /has no lists `inputs` and `outputs`.*hello/],
    ['a list', [1, 2], 'MODEL_ANSWER', /has no lists/],
    ['tensors without shapes', { inputs: [{ name: 'x' }], outputs: [] }, 'MODEL_ANSWER', /without `name`/],
    [
      'two inputs',
      { inputs: [X, { ...X, name: 'y' }], outputs: [SCORES] },
      'MODEL_INVALID',
      /takes one input/,
    ],
    [
      'whole numbers',
      { inputs: [{ ...X, datatype: 'UINT8' }], outputs: [SCORES] },
      'MODEL_INVALID',
      /x: UINT8/,
    ],
    [
      'an open shape',
      { inputs: [{ ...X, shape: [-1, 1, -1, -1] }], outputs: [SCORES] },
      'MODEL_INVALID',
      /open/,
    ],
    ['no batch', { inputs: [{ ...X, shape: [6] }], outputs: [SCORES] }, 'MODEL_INVALID', /must be a batch/],
    [
      'two outputs',
      { inputs: [X], outputs: [SCORES, { ...SCORES, name: 'other' }] },
      'MODEL_INVALID',
      /several outputs.*scores.*other/,
    ],
    ['one score', { inputs: [X], outputs: [{ ...SCORES, shape: [-1, 1] }] }, 'MODEL_INVALID', /has 1 value/],
    [
      'open classes',
      { inputs: [X], outputs: [{ ...SCORES, shape: [-1, -1] }] },
      'MODEL_INVALID',
      /how many classes/,
    ],
  ])('are refused by name: %s', async (_what, metadata, key, message) => {
    server.behave((_request, response) => sendJson(response, metadata));
    await expect(open(server.url('v2'))).rejects.toMatchObject({
      key,
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('and a card that says otherwise is refused too', async () => {
    const refused = { key: 'CARD_INVALID' };
    await expect(open(server.url('v2'), {}, { numClasses: 10 })).rejects.toMatchObject(refused);
    await expect(open(server.url('v2'), {}, { input: { shape: [3, 2, 1] } })).rejects.toMatchObject(refused);
    await expect(open(server.url('v2'), {}, { output: 'logits' })).rejects.toMatchObject(refused);
  });
});

describe('the URL of a served model', () => {
  it.each([
    ['http://h:8000/v2/models/m', 'kserve-v2', 'm', 'http://h:8000/v2/models/m'],
    ['https://h/a/b/v2/models/m/versions/7/infer', 'kserve-v2', 'm', 'https://h/a/b/v2/models/m/versions/7'],
    ['http://h/v1/models/my%20net:predict', 'tf-serving', 'my net', 'http://h/v1/models/my%20net'],
    ['http://h/v1/models/m/labels/stable', 'tf-serving', 'm', 'http://h/v1/models/m/labels/stable'],
  ])('%s', (text, protocol, name, url) => {
    expect(readAddress(text)).toEqual({ protocol, name, url });
  });

  it.each([
    'http://h/models/m',
    'http://h/v2/models/',
    'http://',
    'ftp://h/v2/models/m',
    'http://user:secret@h/v2/models/m',
    'http://h/v2/models/m?token=secret',
  ])('is not %s, and no message repeats what may be secret', (text) => {
    expect(() => readAddress(text)).toThrow(/URL of a model/);
    expect(() => readAddress(text)).not.toThrow(/secret/);
  });
});
