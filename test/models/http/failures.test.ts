import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { randomBatch } from '../../classifier/loaded.js';
import { asked, open } from './asked.js';
import { linear, modelServer, scoresOf, sendJson, type Behaviour } from './server.js';

const SHAPE = [4];
const WEIGHTS = [
  [1, -2, 0.5, 3, 0],
  [0.1, 0.2, 0.3, -0.4, 1],
];
const server = modelServer(linear(WEIGHTS, SHAPE));
const batch = randomBatch(1, 12, SHAPE);
const expected = Float32Array.from(
  batch.keys.flatMap((_key, row) => scoresOf(WEIGHTS, [...batch.data.subarray(row * 4, row * 4 + 4)])),
);
const questions = () => server.seen.filter(({ method }) => method === 'POST');

/** Does so with questions; metadata are as they should be. */
const toQuestions = (behaviour: Behaviour): void =>
  server.behave((request, response, usual) =>
    request.method === 'POST' ? behaviour(request, response, usual) : sendJson(response, usual()),
  );

/** Fails the given share of questions, every `period`-th. */
const failing = (period: number, fail: (response: ServerResponse) => void): Behaviour => {
  let count = 0;
  return (_request, response, usual) =>
    ++count % period === 0 ? sendJson(response, usual()) : fail(response);
};
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end('try later');

describe('a server that fails half the time', () => {
  it.each([
    ['with 503', status(503)],
    ['with 500', status(500)],
    ['with 429', status(429)],
    ['with 408', status(408)],
    ['by breaking the connection', (response: ServerResponse) => void response.destroy()],
    [
      'by breaking off in the middle of an answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 }).write('{"outputs"');
        setTimeout(() => response.destroy(), 5);
      },
    ],
    ['by never answering', () => undefined],
  ])('%s gives the same scores as one that does not', async (how, fail) => {
    const timeout = how === 'by never answering' ? 0.3 : 20;
    const model = await open(server.url('v2'), { batchSize: 6, concurrency: 1, timeout });
    toQuestions(failing(2, fail));
    expect(await asked(model).logits(batch)).toEqual(expected);
    expect(questions()).toHaveLength(4);
  });
});

describe('a slow server', () => {
  it('may answer in any order', async () => {
    const model = await open(server.url('v2'), { batchSize: 1, concurrency: 12 });
    let waiting = 12;
    toQuestions((_request, response, usual) => {
      setTimeout(() => sendJson(response, usual()), 15 * waiting--);
    });
    expect(await asked(model).logits(batch)).toEqual(expected);
  });
});

describe('a server that fails for good', () => {
  it.each([
    ['503', status(503), /infer: the server answered 503: try later \(3 tries\)\.$/],
    [
      'no connection',
      (response: ServerResponse) => void response.destroy(),
      /could not be reached.*\(3 tries\)/,
    ],
    ['silence', () => undefined, /no answer within 0.3 s \(3 tries\)/],
  ])('is named with what was received after all tries: %s', async (_what, fail, message) => {
    const model = await open(server.url('v2'), { retries: 2, timeout: 0.3 });
    toQuestions((_request, response) => fail(response));
    await expect(asked(model).logits(batch)).rejects.toMatchObject({
      key: 'MODEL_FAILED',
      message: expect.stringMatching(message) as unknown,
    });
    expect(questions()).toHaveLength(3);
  });

  it('is asked once only after that, until it answers', async () => {
    const model = await open(server.url('v2'), { retries: 2 });
    toQuestions((_request, response) => status(503)(response));
    for (const total of [3, 4, 5]) {
      await expect(asked(model).logits(batch)).rejects.toMatchObject({ key: 'MODEL_FAILED' });
      expect(questions()).toHaveLength(total);
    }
    toQuestions(failing(1, status(503)));
    await asked(model).logits(batch);
    toQuestions(failing(3, status(503)));
    expect(await asked(model).logits(batch)).toEqual(expected);
  });

  it.each([400, 401, 403, 404, 413, 301])('is not asked again after %d', async (code) => {
    const model = await open(server.url('v2'));
    toQuestions(
      (_request, response) => void response.writeHead(code, { location: '/' }).end('{"error":"no"}'),
    );
    await expect(asked(model).logits(batch)).rejects.toMatchObject({
      key: 'MODEL_FAILED',
      message: expect.stringContaining(`the server answered ${code}: {"error":"no"}`) as unknown,
    });
    expect(questions()).toHaveLength(1);
  });

  it('is not asked for the rest of a batch', async () => {
    const model = await open(server.url('v2'), { batchSize: 1, concurrency: 2 });
    toQuestions((_request, response) => status(400)(response));
    await expect(asked(model).logits(batch)).rejects.toMatchObject({ key: 'MODEL_FAILED' });
    expect(questions().length).toBeLessThanOrEqual(2);
  });

  it('is unreachable where nobody listens', async () => {
    await expect(open('http://127.0.0.1:1/v2/models/m', { retries: 1 })).rejects.toMatchObject({
      key: 'MODEL_FAILED',
      message: expect.stringMatching(/127\.0\.0\.1:1.*could not be reached.*\(2 tries\)/) as unknown,
    });
  });
});

describe('a server that asks to wait', () => {
  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('is waited for, when it says %s', async (_what, retryAfter) => {
    const model = await open(server.url('v2'));
    toQuestions(failing(2, (response) => status(429, { 'retry-after': retryAfter() })(response)));
    expect(await asked(model).logits(batch)).toEqual(expected);
    const [first, second] = questions();
    expect(second!.at - first!.at).toBeGreaterThan(900);
  });

  it('is waited for by every request, not only by the one that was told', async () => {
    const model = await open(server.url('v2'), { batchSize: 6, concurrency: 1 });
    let told = 0;
    toQuestions((_request, response, usual) =>
      told++ === 0 ? status(429, { 'retry-after': '1' })(response) : sendJson(response, usual()),
    );
    const both = [asked(model).logits(batch), asked(model).logits(batch)];
    expect(await Promise.all(both)).toEqual([expected, expected]);
    const early = questions().filter(({ at }) => at - questions()[0]!.at < 900);
    expect(early.length).toBeLessThanOrEqual(2);
  });

  it('is given up when it asks for more than some minutes', async () => {
    const model = await open(server.url('v2'));
    toQuestions((_request, response) => status(429, { 'retry-after': '86400' })(response));
    await expect(asked(model).logits(batch)).rejects.toMatchObject({ key: 'MODEL_FAILED' });
    expect(questions()).toHaveLength(1);
  });
});

describe('an answer that makes no sense', () => {
  const output = (fields: object) => ({ outputs: [{ name: 'scores', datatype: 'FP32', ...fields }] });
  it.each([
    ['fewer rows', output({ shape: [11, 2], data: new Array(22).fill(0) }), /has 11 rows, 12 examples/],
    ['fewer numbers', output({ shape: [12, 2], data: [1, 2] }), /12 x 2 numbers.*received 2 values/],
    ['other classes', output({ shape: [12, 3], data: new Array(36).fill(0) }), /received 36 values/],
    [
      'texts',
      output({ shape: [12, 2], data: new Array(24).fill('0.5') }),
      /received the text "0.5" at position 0/,
    ],
    ['null', output({ shape: [12, 2], data: new Array(24).fill(null) }), /received null at position 0/],
    ['another output', { outputs: [{ name: 'boxes', data: [] }] }, /has no output `scores`; it has boxes/],
    ['no outputs', { predictions: [] }, /has no output `scores`; it has none/],
    ['no data', output({ shape: [12, 2], parameters: { binary_data_size: 96 } }), /has no list `data`/],
    ['a number', 7, /has no output/],
    [
      'another version',
      { model_version: '4', ...output({ shape: [12, 2], data: new Array(24).fill(0) }) },
      /is of version 4 of the model, those before were of 3/,
    ],
  ])('is named: %s', async (_what, answer, message) => {
    const model = await open(server.url('v2'));
    toQuestions((_request, response) => sendJson(response, answer));
    await expect(asked(model).logits(batch)).rejects.toMatchObject({
      key: 'MODEL_ANSWER',
      message: expect.stringMatching(message) as unknown,
    });
    // Another try would bring the same.
    expect(questions()).toHaveLength(1);
  });

  it.each([
    [
      'HTML',
      '<html>\n<body>It works!\u001b[31m</body></html>',
      /is no JSON: 200: <html> <body>It works! \[31m/,
    ],
    ['nothing', '', /is no JSON: 200, with nothing in it/],
    [
      'NaN',
      '{"outputs":[{"name":"scores","shape":[12,2],"data":[0.5, NaN]}]}',
      /holds NaN, which is no number of JSON/,
    ],
    ['-Infinity', '{"outputs":[{"name":"scores","data":[-Infinity]}]}', /holds Infinity/],
    [
      '1e999',
      `{"outputs":[{"name":"scores","shape":[12,2],"data":[${'0,'.repeat(23)}1e999]}]}`,
      /at position 23 that/,
    ],
  ])('is quoted where it is no JSON: %s', async (_what, text, message) => {
    const model = await open(server.url('v2'));
    toQuestions((_request, response) => void response.writeHead(200).end(text));
    await expect(asked(model).logits(batch)).rejects.toMatchObject({
      key: 'MODEL_ANSWER',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('is not read to an end that never comes', async () => {
    const model = await open(server.url('v2'), { timeout: 20, retries: 0 });
    toQuestions((_request, response) => {
      response.writeHead(200);
      const piece = Buffer.alloc(2 ** 20, ' ');
      const more = (): void => {
        if (!response.destroyed) response.write(piece, () => setImmediate(more));
      };
      more();
    });
    await expect(asked(model).logits(batch)).rejects.toMatchObject({ key: 'MODEL_ANSWER' });
  });
});

describe('what may be asked', () => {
  it('is spaced out by the rate limit, metadata and further tries included', async () => {
    const model = await open(server.url('v2'), { batchSize: 4, rateLimit: 50, concurrency: 4 });
    toQuestions(failing(2, status(503)));
    expect(await asked(model).logits(batch)).toEqual(expected);
    const times = server.seen.map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(5);
    // As many as went out within any stretch of time, but for what the network adds to one of them.
    expect(times.at(-1)! - times[0]!).toBeGreaterThan((times.length - 1) * 20 - 15);
  });

  it('is counted in examples, further tries not, and a call that the rest does not cover is not made', async () => {
    const model = await open(server.url('v2'), { queryBudget: 30, batchSize: 6 });
    toQuestions(failing(2, status(503)));
    const classifier = asked(model);
    await classifier.logits(batch);
    await classifier.predict(batch);
    const before = server.seen.length;
    await expect(classifier.logits(batch)).rejects.toMatchObject({
      key: 'QUERY_BUDGET',
      message: 'linear may be asked about 30 examples in a run; 24 were, and 12 more were to be.',
    });
    expect(server.seen).toHaveLength(before);
    // Another view of the model draws on the same budget.
    await expect(asked(model).logits(batch)).rejects.toMatchObject({ key: 'QUERY_BUDGET' });
  });
});

describe('an abort', () => {
  it.each([
    ['a question without an answer', () => undefined],
    ['a pause', (response: ServerResponse) => status(503, { 'retry-after': '30' })(response)],
  ])('ends %s at once', async (_what, behave) => {
    const controller = new AbortController();
    const model = await open(server.url('v2'), { timeout: 60 });
    toQuestions((_request, response) => behave(response));
    const started = performance.now();
    const answer = asked(model, controller.signal).logits(batch);
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(answer).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('ends asking for metadata too', async () => {
    server.behave(() => undefined);
    const opening = open(server.url('v2'), { timeout: 60 }, undefined, AbortSignal.timeout(50));
    await expect(opening).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
