import { fieldsOf, flattened, listOf, sizeOf, textOf } from './fields.js';
import { MalformedAnswer } from './malformed.js';
import type { Protocol, ServedTensor } from './protocol.js';

/**
 * The KServe v2 protocol, also called Open Inference Protocol, with JSON tensors
 * (github.com/kserve/open-inference-protocol, inference_rest): Triton, KServe, MLServer, OpenVINO Model Server.
 */
export const kserve: Protocol = {
  id: 'kserve-v2',
  paths: { metadata: '', predict: '/infer' },
  metadataOptional: false,
  floats: ['FP32', 'FP64', 'FP16'],
  readMetadata(answer) {
    const { versions, inputs, outputs } = fieldsOf(answer);
    if (!Array.isArray(inputs) || !Array.isArray(outputs))
      throw new MalformedAnswer('has no lists `inputs` and `outputs`');
    // With several the server chooses, and says which in its answers.
    const [version, ...others] = listOf(versions).map(textOf);
    return {
      inputs: inputs.map(readTensor),
      outputs: outputs.map(readTensor),
      ...(version !== undefined && others.length === 0 && { version }),
    };
  },
  question: ({ input, output, rows, shape, data }) => ({
    inputs: [
      { name: input!.name, shape: [rows, ...shape], datatype: input!.datatype, data: Array.from(data) },
    ],
    outputs: [{ name: output }],
  }),
  readAnswer(answer, { output: name }) {
    const fields = fieldsOf(answer);
    const outputs = listOf(fields['outputs']).map(fieldsOf);
    const found = outputs.find((each) => each['name'] === name);
    if (found === undefined) {
      const names = outputs.map((each) => textOf(each['name']) ?? 'one without a name');
      throw new MalformedAnswer(`has no output \`${name!}\`; it has ${names.join(', ') || 'none'}`);
    }
    if (!Array.isArray(found['data'])) throw new MalformedAnswer(`has no list \`data\` in \`${name!}\``);
    const rows = sizeOf(listOf(found['shape'])[0]);
    const version = textOf(fields['model_version']);
    return {
      scores: flattened(found['data']),
      rows: rows ?? undefined,
      ...(version !== undefined && { version }),
    };
  },
};

function readTensor(value: unknown): ServedTensor {
  const { name, datatype, shape } = fieldsOf(value);
  if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(shape))
    throw new MalformedAnswer('has a tensor without `name`, `datatype` and `shape`');
  return { name, datatype, shape: shape.map(sizeOf) };
}
