import type { FloatTensor } from '../../tensor/tensor.js';
import type { WrittenLayer } from './layer-value.js';
import type { LayersModel } from './write-layers.js';

/** A file of an export, by its name in the folder. */
export interface ExportedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Bytes of a weight file, as the TensorFlow.js converter has them. */
const SHARD = 4 * 1024 * 1024;

/**
 * The model.json of a layers model and its weight files.
 * @param id what the model is called in the file
 */
export function layersFiles({ layers, outputs }: LayersModel, id: string, tool: string): ExportedFile[] {
  const weights = layers.flatMap((layer) =>
    Object.entries(layer.weights).map(([name, tensor]) => ({ name: `${layer.name}/${name}`, tensor })),
  );
  const shards = shardsOf(joined(weights.map(({ tensor }) => tensor)));
  const model = {
    format: 'layers-model',
    generatedBy: tool,
    convertedBy: null,
    modelTopology: { class_name: 'Model', config: topology(layers, outputs, id), backend: 'tensor_flow.js' },
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: weights.map(({ name, tensor }) => ({ name, shape: tensor.dims, dtype: 'float32' })),
      },
    ],
  };
  return [...shards, { name: 'model.json', content: new TextEncoder().encode(JSON.stringify(model)) }];
}

function topology(layers: readonly WrittenLayer[], outputs: readonly WrittenLayer[], id: string): object {
  const end = ({ name }: WrittenLayer): unknown[] => [name, 0, 0];
  return {
    name: id,
    layers: layers.map(({ name, className, config, inputs }) => ({
      name,
      class_name: className,
      config: { name, ...config },
      inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [...end(input), {}])],
    })),
    input_layers: [end(layers[0]!)],
    output_layers: outputs.map(end),
  };
}

function joined(tensors: readonly FloatTensor[]): Uint8Array {
  const all = new Uint8Array(tensors.reduce((total, { data }) => total + data.byteLength, 0));
  let at = 0;
  for (const { data } of tensors) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return all;
}

function shardsOf(bytes: Uint8Array): ExportedFile[] {
  const count = Math.ceil(bytes.length / SHARD);
  return Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    content: bytes.subarray(i * SHARD, (i + 1) * SHARD),
  }));
}
