import type { BackbonePlugin } from './define.js';
import type { BackboneSpec } from './registry.js';

/** What a recipe says of a backbone, with the defaults of the parameters it leaves out. */
export function backboneWithDefaults(spec: BackboneSpec, { parameters }: BackbonePlugin): BackboneSpec {
  const defaults = Object.entries(parameters.properties).flatMap(([name, property]) =>
    'default' in property ? [[name, structuredClone(property.default)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...spec };
}
