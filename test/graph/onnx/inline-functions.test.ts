import { describe, expect, it } from '@jest/globals';
import { AttributeProto_AttributeType as Kind } from '../../../src/graph/onnx/generated/onnx_pb.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { run } from '../../fixtures/engine.js';
import { fileWith } from '../../fixtures/onnx-file.js';

type Node = {
  opType: string;
  name?: string;
  input: string[];
  output: string[];
  domain?: string;
  attribute?: object[];
};

const opsetImport = [
  { domain: '', version: 13n },
  { domain: 'local', version: 1n },
];
const fn = (name: string, input: string[], output: string[], node: Node[], more: object = {}) => ({
  ...{ name, domain: 'local', input, output, node, opsetImport },
  ...more,
});
const call = (opType: string, input: string[], output: string[], more: object = {}): Node => ({
  ...{ opType, input, output, domain: 'local' },
  ...more,
});
const op = (opType: string, input: string[], output: string[], more: object = {}): Node => ({
  ...{ opType, input, output },
  ...more,
});
const file = (node: Node[], functions: object[], model: object = {}): Uint8Array =>
  fileWith({ graph: { node }, model: { opsetImport, functions, ...model } });

/** y of the model at x = [1, -2], with w = [1, 2]. */
async function result(bytes: Uint8Array): Promise<number[]> {
  const graph = readOnnx(bytes, 'g');
  expect(graph.nodes.filter(({ domain }) => domain !== '')).toEqual([]);
  expect(Object.keys(graph.opsets)).toEqual(['']);
  const { y } = await run(graph, { x: floatTensor(Float32Array.of(1, -2), [2]) });
  return Array.from(y!.data as Float32Array);
}

const square = fn('Square', ['a'], ['b'], [op('Mul', ['a', 'a'], ['b'])]);
const leak = fn(
  'Leak',
  ['a'],
  ['b'],
  [op('LeakyRelu', ['a'], ['b'], { attribute: [{ name: 'alpha', type: Kind.FLOAT, refAttrName: 'slope' }] })],
  { attribute: ['slope'] },
);
const slope = (f: number) => [{ name: 'slope', type: Kind.FLOAT, f }];

describe("a model's own functions", () => {
  it.each<[string, Node[], object[], number[]]>([
    ['called once', [call('Square', ['x'], ['y'])], [square], [1, 4]],
    [
      'called twice, with inner values of the same name',
      [call('Cube', ['x'], ['c']), call('Cube', ['c'], ['y'])],
      [fn('Cube', ['a'], ['c'], [op('Mul', ['a', 'a'], ['b']), op('Mul', ['a', 'b'], ['c'])])],
      [1, -512],
    ],
    [
      'whose inner values are called like values outside',
      [op('Add', ['x', 'w'], ['b']), call('Twice', ['b'], ['t']), op('Sub', ['t', 'b'], ['y'])],
      [fn('Twice', ['x'], ['w'], [op('Add', ['x', 'x'], ['b']), op('Identity', ['b'], ['w'])])],
      [2, 0],
    ],
    [
      'calling one another',
      [call('Fourth', ['x'], ['y'])],
      [fn('Fourth', ['a'], ['b'], [call('Square', ['a'], ['s']), call('Square', ['s'], ['b'])]), square],
      [1, 16],
    ],
    ['with an attribute', [call('Leak', ['x'], ['y'], { attribute: slope(0.5) })], [leak], [1, -1]],
    [
      'with the default of an attribute',
      [call('Leak', ['x'], ['y'])],
      [{ ...leak, attribute: [], attributeProto: slope(0.25) }],
      [1, -0.5],
    ],
    [
      "with an attribute left to the operator's default",
      [call('Leak', ['x'], ['y'])],
      [leak],
      [1, Math.fround(-0.02)],
    ],
    [
      'that hand an input on as output',
      [call('Both', ['x'], ['same', 'n']), op('Add', ['same', 'n'], ['y'])],
      [fn('Both', ['a'], ['a', 'b'], [op('Abs', ['a'], ['b'])])],
      [2, 0],
    ],
    [
      'with an optional input left out',
      [call('Bound', ['x', '', 'w0'], ['y'])],
      [fn('Bound', ['a', 'lower', 'upper'], ['b'], [op('Clip', ['a', 'lower', 'upper'], ['b'])])],
      [0, -2],
    ],
    [
      'of the same name told apart by their overload',
      [call('F', ['x'], ['a'], { overload: 'one' }), call('F', ['a'], ['y'], { overload: 'two' })],
      [
        fn('F', ['a'], ['b'], [op('Neg', ['a'], ['b'])], { overload: 'one' }),
        fn('F', ['a'], ['b'], [op('Abs', ['a'], ['b'])], { overload: 'two' }),
      ],
      [1, 2],
    ],
    [
      'with a branch that reads values of the body',
      [call('Choose', ['x', 'yes'], ['y'])],
      [
        fn(
          'Choose',
          ['a', 'c'],
          ['b'],
          [
            op('Neg', ['a'], ['n']),
            op('If', ['c'], ['b'], {
              attribute: [
                {
                  name: 'then_branch',
                  type: Kind.GRAPH,
                  g: { name: 't', node: [op('Abs', ['n'], ['r'])], output: [{ name: 'r' }] },
                },
                {
                  name: 'else_branch',
                  type: Kind.GRAPH,
                  g: { name: 'e', node: [op('Neg', ['n'], ['s'])], output: [{ name: 's' }] },
                },
              ],
            }),
          ],
        ),
      ],
      [1, 2],
    ],
  ])('%s', async (_name, node, functions, expected) => {
    const constants = [
      {
        opType: 'Constant',
        input: [],
        output: ['w0'],
        attribute: [{ name: 'value_float', type: Kind.FLOAT, f: 0 }],
      },
      {
        opType: 'Constant',
        input: [],
        output: ['yes'],
        attribute: [{ name: 'value', type: Kind.TENSOR, t: { dataType: 9, dims: [], int32Data: [1] } }],
      },
    ];
    expect(await result(file([...constants, ...node], functions))).toEqual(expected);
  });

  it('that call themselves are refused', () => {
    const recursive = fn('Loop', ['a'], ['b'], [call('Loop', ['a'], ['b'])]);
    expect(() => readOnnx(file([call('Loop', ['x'], ['y'])], [recursive]), 'g')).toThrow(
      '"Loop" calls itself',
    );
  });

  it('of another operator set are refused, naming both sets', () => {
    const other = { ...square, opsetImport: [{ domain: '', version: 18n }] };
    expect(() => readOnnx(file([call('Square', ['x'], ['y'])], [other]), 'g')).toThrow(
      /"Square" is written in operator set 18, the model that calls it in 13/,
    );
  });

  it('that nothing calls are ignored', async () =>
    expect(await result(file([op('Neg', ['x'], ['y'])], [square]))).toEqual([-1, 2]));
});
