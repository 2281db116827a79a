import { describe, expect, it } from '@jest/globals';
import {
  allArchitectures,
  builtInArchitectures,
  type BackboneId,
} from '../../src/models/architectures/registry.js';
import { architectureContract } from '../../src/plugin/testing.js';

/** As small as they get. */
const PARAMETERS: Readonly<Record<BackboneId, Readonly<Record<string, unknown>>>> = {
  mlp: { widths: [6, 5] },
  cnn: { channels: [2, 3], widths: [5] },
  resnet: { depth: 8, widths: [2, 3, 4] },
  resnet18: { width: 2 },
  resnet50: { width: 1 },
};
/** Odd sizes, which pooling and strides cut. */
const shapes = [
  [1, 7, 5],
  [3, 8, 8],
] as const;

describe.each(allArchitectures(builtInArchitectures).map((plugin) => [plugin.metadata.id, plugin] as const))(
  '%s',
  (id, plugin) => {
    const parameters = PARAMETERS[id as BackboneId] as Readonly<Record<string, unknown>> | undefined;
    for (const { name, run } of architectureContract(plugin, {
      parameters: parameters ?? {},
      // The deepest takes seconds: once is enough.
      shapes: id === 'resnet50' ? shapes.slice(1) : shapes,
    }))
      it(name.slice(id.length + 1), run);
  },
);

describe('the built-in architectures', () => {
  it('are five backbones and seven heads, each with a summary', () => {
    const { backbones, heads } = builtInArchitectures;
    expect([...backbones.keys()]).toEqual(['mlp', 'cnn', 'resnet', 'resnet18', 'resnet50']);
    expect(heads.size).toBe(7);
    const listed = allArchitectures(builtInArchitectures);
    expect(listed.filter(({ metadata }) => metadata.summary.length < 10)).toEqual([]);
  });
});
