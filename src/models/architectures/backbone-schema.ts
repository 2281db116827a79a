import type { BackbonePlugin } from './define.js';

/** The property of a recipe's backbone that says which one it is; no parameter may have its name. */
export const KIND = 'kind';

/**
 * JSON Schema of `network.backbone` in a recipe: one entry per backbone, as its plugin says. The type says only what all have in
 * common.
 */
export const backboneSchema = (backbones: Iterable<Pick<BackbonePlugin, 'metadata' | 'parameters'>>) =>
  ({
    type: 'object',
    required: [KIND],
    discriminator: { propertyName: KIND },
    oneOf: Array.from(backbones, ({ metadata, parameters }) => ({
      ...parameters,
      required: [KIND, ...(parameters.required ?? [])],
      properties: { [KIND]: { const: metadata.id }, ...parameters.properties },
    })),
  }) as { readonly type: 'object'; readonly required: readonly ['kind'] };
