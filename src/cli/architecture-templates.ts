import { titleOf, type TemplateFile } from './templates.js';

const backboneModule = (
  id: string,
) => `// ${titleOf(id)}: strided convolutions. Replace the layers and the text; keep the order.
import { defineArchitecture } from 'gauntlet-bench/plugin';

export default defineArchitecture({
  kind: 'architecture',
  part: 'backbone', // between the normalised image and the head
  metadata: {
    id: '${id}', // \`kind\` in a recipe
    title: '${titleOf(id)}',
    summary: 'half a sentence for gauntlet list',
    version: '1.0.0', // bump it whenever the same recipe makes another network
    apiVersion: 1,
  },

  // JSON Schema of what a recipe says beside \`kind\`: every property has a description; with a default it may be left out.
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['channels'],
    properties: {
      channels: {
        type: 'array',
        items: { type: 'integer', minimum: 1 },
        minItems: 1,
        description: 'Filters of each convolution',
      },
      kernel: { enum: [3, 5], default: 3, description: 'Side of the kernels' },
    },
  },

  // The names of all layers begin with \`backbone.\`: initial weights and checkpoints go by them.
  build(layers, x, { channels, kernel }, activation) {
    let image = x;
    channels.forEach((filters, i) => {
      const name = \`backbone.conv\${i + 1}\`;
      image = layers.convolution(name, image, { channels: filters, kernel, stride: 2, bias: false });
      image = layers.batchNormalization(\`\${name}.norm\`, image);
      image = layers.activate(image, activation);
    });
    return layers.globalAveragePool(image);
  },
});
`;

const headModule = (
  id: string,
) => `// ${titleOf(id)}: a penultimate layer between -1 and 1. Replace the layers and the text.
import { defineArchitecture } from 'gauntlet-bench/plugin';

export default defineArchitecture({
  kind: 'architecture',
  part: 'head', // between the backbone and the output layer
  metadata: {
    id: '${id}', // \`head\` in a recipe
    title: '${titleOf(id)}',
    summary: 'half a sentence for gauntlet list',
    version: '1.0.0', // bump it whenever the same recipe makes another network
    apiVersion: 1,
  },
  compressed: false, // true: a recipe must have a penalty on its output
  defaultUnits: 32, // when a recipe does not say \`units\`; null where there is no penultimate layer

  // The names of all layers begin with \`penultimate\`. What is returned becomes the output \`features\` of the model.
  build(layers, features, { units }) {
    const { value, width } = layers.dense('penultimate', features, units);
    return { value: layers.builder.add('Tanh', [value]), width }; // any ONNX operator that has a gradient
  },
});
`;

const architectureTest = (id: string, options: string) => `// Run with: node --test ${id}.test.mjs
import { test } from 'node:test';
import { architectureContract } from 'gauntlet-bench/testing';
import architecture from './${id}.mjs';

// Every rule an architecture must keep, one named check each, on a small network.
for (const check of architectureContract(architecture${options})) test(check.name, () => check.run());
`;

const filesOf = (id: string, module: string, options: string): readonly TemplateFile[] => [
  { path: `${id}.mjs`, content: module },
  { path: `${id}.test.mjs`, content: architectureTest(id, options) },
];

/** A backbone and its test, to be put in one folder. */
export const backboneTemplate = (id: string): readonly TemplateFile[] =>
  filesOf(id, backboneModule(id), ', { parameters: { channels: [4, 8] } }');

/** A head and its test, to be put in one folder. */
export const headTemplate = (id: string): readonly TemplateFile[] => filesOf(id, headModule(id), '');
