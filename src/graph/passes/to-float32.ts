import type { DataType, Tensor } from '../../tensor/tensor.js';
import type { Attribute, Graph, Node, ValueInfo } from '../ir.js';
import { dataTypes } from '../onnx/data-type.js';

const OTHER_FLOATS: ReadonlySet<DataType> = new Set(['float16', 'float64']);

/** Numbers that stand for the types in attributes. */
const OTHER_CODES: ReadonlySet<number> = new Set([dataTypes.float16.code, dataTypes.float64.code]);
const FLOAT = dataTypes.float32.code;

/** Attributes that name an element type. */
const TYPE_ATTRIBUTES: ReadonlySet<string> = new Set(['to', 'dtype', 'stash_type', 'output_dtype']);

/**
 * The graph computed in float32 throughout: weights, constants and casts of half and double precision are converted. Gradient
 * rules work in float32; what they differentiate then is the model up to the rounding of its own type.
 */
export function toFloat32(graph: Graph): Graph {
  return {
    ...graph,
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [name, convert(tensor)])),
    inputs: graph.inputs.map(retype),
    outputs: graph.outputs.map(retype),
    nodes: graph.nodes.map(convertNode),
  };
}

const retype = (value: ValueInfo): ValueInfo =>
  OTHER_FLOATS.has(value.type) ? { ...value, type: 'float32' } : value;

function convertNode(node: Node): Node {
  const entries = Object.entries(node.attributes);
  const changed = entries.map(([name, attribute]) => [name, convertAttribute(name, attribute)] as const);
  return changed.every(([, attribute], i) => attribute === entries[i]![1])
    ? node
    : { ...node, attributes: Object.fromEntries(changed) };
}

function convertAttribute(name: string, attribute: Attribute): Attribute {
  switch (attribute.type) {
    case 'int':
      return TYPE_ATTRIBUTES.has(name) && OTHER_CODES.has(attribute.value)
        ? { type: 'int', value: FLOAT }
        : attribute;
    case 'tensor':
      return OTHER_FLOATS.has(attribute.value.type)
        ? { type: 'tensor', value: convert(attribute.value) }
        : attribute;
    case 'graph':
      return { type: 'graph', value: toFloat32(attribute.value) };
    default:
      return attribute;
  }
}

function convert(tensor: Tensor): Tensor {
  const { type, dims, data } = tensor;
  if (!OTHER_FLOATS.has(type)) return tensor;
  const values = data as Uint16Array | Float64Array;
  return {
    type: 'float32',
    dims,
    data: type === 'float64' ? Float32Array.from(values) : Float32Array.from(values, halfToNumber),
  };
}

/** Value of the sixteen bits of a half-precision number (IEEE 754 binary16). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
