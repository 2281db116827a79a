import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server has read it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** In milliseconds of performance.now(). */
  readonly at: number;
}

/** Answers a request; `usual` answers it as a sound server would. */
export type Behaviour = (request: Seen, response: ServerResponse, usual: () => unknown) => void;

/** A linear model: `weights[k]` are those of class k, one per input, and a bias at the end. */
export type Weights = readonly (readonly number[])[];

export const scoresOf = (weights: Weights, example: readonly number[]): number[] =>
  weights.map((row) => example.reduce((sum, value, i) => sum + value * row[i]!, row[example.length]!));

export interface ModelServer {
  /** URL of the model in a protocol, behind a prefix. */
  url(protocol: 'v1' | 'v2'): string;
  /** Requests of the test so far. */
  readonly seen: Seen[];
  /** What the server does instead of what it should; until the end of the test. */
  behave(behaviour: Behaviour): void;
}

export const sendJson = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

/** What is served. */
export interface Served {
  readonly shape: readonly number[];
  readonly numClasses: number;
  readonly scores: (example: readonly number[]) => readonly number[];
}

/** A linear model as it is served. */
export const linear = (weights: Weights, shape: readonly number[]): Served => ({
  shape,
  numClasses: weights.length,
  scores: (example) => scoresOf(weights, example),
});

/** A server on this machine, for the tests of the file that calls this; it serves a model in both protocols. */
export function modelServer(served: Served): ModelServer {
  let server: Server;
  let behaviour: Behaviour;
  const seen: Seen[] = [];
  const sound: Behaviour = (_request, response, usual) => sendJson(response, usual());
  beforeEach(() => {
    seen.length = 0;
    behaviour = sound;
  });
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        const request: Seen = {
          ...{ method: incoming.method!, path: incoming.url!, headers: incoming.headers },
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
          at: performance.now(),
        };
        seen.push(request);
        behaviour(request, response, () => answer(request, served));
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return {
    url: (protocol) =>
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway/${protocol}/models/linear`,
    seen,
    behave: (next) => (behaviour = next),
  };
}

interface KserveQuestion {
  readonly inputs: readonly { readonly shape: number[]; readonly data: number[] }[];
}

/** The right answer to a request. */
function answer({ path, body }: Seen, { shape, numClasses, scores: scoresOfOne }: Served): unknown {
  if (path.endsWith('/infer')) {
    const [{ shape: asked, data }] = (body as KserveQuestion).inputs as [KserveQuestion['inputs'][0]];
    const size = data.length / asked[0]!;
    const rows = Array.from({ length: asked[0]! }, (_, i) => data.slice(i * size, (i + 1) * size));
    const scores = rows.flatMap((row) => scoresOfOne(row));
    const output = { name: 'scores', datatype: 'FP32', shape: [rows.length, numClasses], data: scores };
    return { model_name: 'linear', model_version: '3', outputs: [output] };
  }
  if (path.endsWith(':predict')) {
    const { instances } = body as { readonly instances: readonly unknown[] };
    return {
      predictions: instances.map((one) => scoresOfOne([one].flat(Infinity) as number[])),
    };
  }
  if (path.endsWith('/metadata')) {
    const tensor = (name: string, dims: readonly number[]) => ({
      dtype: 'DT_FLOAT',
      tensor_shape: { dim: dims.map((size) => ({ size: String(size), name: '' })), unknown_rank: false },
      name: `serving_default_${name}:0`,
    });
    return {
      model_spec: { name: 'linear', signature_name: '', version: '3' },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: { x: tensor('x', [-1, ...shape]) },
              outputs: { scores: tensor('scores', [-1, numClasses]) },
              method_name: 'tensorflow/serving/predict',
            },
          },
        },
      },
    };
  }
  return {
    name: 'linear',
    versions: ['3'],
    platform: 'test',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, ...shape] }],
    outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, numClasses] }],
  };
}
