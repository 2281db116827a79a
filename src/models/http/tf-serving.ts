import { elementCount } from '../../tensor/tensor.js';
import { fieldsOf, flattened, listOf, sizeOf, textOf, type Fields } from './fields.js';
import { MalformedAnswer } from './malformed.js';
import type { Protocol, ServedTensor } from './protocol.js';

/** The signature asked when a request names none. */
const DEFAULT_SIGNATURE = 'serving_default';

/** The predict protocol of TensorFlow Serving (tensorflow.org/tfx/serving/api_rest), in its row format. */
export const tfServing: Protocol = {
  id: 'tf-serving',
  paths: { metadata: '/metadata', predict: ':predict' },
  metadataOptional: true,
  floats: ['DT_FLOAT', 'DT_DOUBLE', 'DT_HALF', 'DT_BFLOAT16'],
  readMetadata(answer) {
    const { model_spec: spec, metadata } = fieldsOf(answer);
    const signatures = fieldsOf(fieldsOf(fieldsOf(metadata)['signature_def'])['signature_def']);
    const signature = signatures[DEFAULT_SIGNATURE];
    if (signature === undefined) {
      const names = Object.keys(signatures).join(', ');
      throw new MalformedAnswer(`has no signature \`${DEFAULT_SIGNATURE}\`; it has ${names || 'none'}`);
    }
    const { inputs, outputs } = fieldsOf(signature);
    const version = textOf(fieldsOf(spec)['version']);
    return {
      inputs: tensorsOf(fieldsOf(inputs)),
      outputs: tensorsOf(fieldsOf(outputs)),
      ...(version !== undefined && { version }),
    };
  },
  question: ({ rows, shape, data }) => ({
    instances: Array.from({ length: rows }, (_, row) => {
      const size = elementCount(shape);
      return nested(Array.from(data.subarray(row * size, (row + 1) * size)), shape);
    }),
  }),
  readAnswer(answer, { output: name }) {
    const { predictions } = fieldsOf(answer);
    if (!Array.isArray(predictions)) throw new MalformedAnswer('has no list `predictions`');
    return { rows: predictions.length, scores: flattened(predictions.map((each) => scoresOf(each, name))) };
  },
};

/** The scores of one example: the row itself, or a field of it where the model has several outputs. */
function scoresOf(prediction: unknown, name: string | undefined): unknown {
  if (Array.isArray(prediction) || typeof prediction !== 'object' || prediction === null) return prediction;
  const names = Object.keys(prediction);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined && Object.hasOwn(prediction, chosen)) return (prediction as Fields)[chosen];
  throw new MalformedAnswer(
    `${chosen === undefined ? 'has several outputs' : `has no output \`${chosen}\``}; it has ${names.join(', ')}`,
  );
}

function tensorsOf(described: Fields): ServedTensor[] {
  return Object.entries(described).map(([name, value]) => {
    const { dtype, tensor_shape: shape } = fieldsOf(value);
    const { dim, unknown_rank: unknownRank } = fieldsOf(shape);
    const known = Array.isArray(dim) && unknownRank !== true;
    return {
      name,
      datatype: textOf(dtype) ?? '',
      shape: known ? listOf(dim).map((each) => sizeOf(fieldsOf(each)['size'])) : undefined,
    };
  });
}

/** Values row-major in lists of lists, as a tensor of that shape is written. */
function nested(values: readonly number[], [, ...inner]: readonly number[]): readonly unknown[] {
  if (inner.length === 0) return values;
  const size = elementCount(inner);
  return Array.from({ length: values.length / size }, (_, i) =>
    nested(values.slice(i * size, (i + 1) * size), inner),
  );
}
