import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { messageOf } from '../errors.js';
import { backboneSchema, KIND } from '../models/architectures/backbone-schema.js';
import type { BackbonePlugin } from '../models/architectures/define.js';
import { describeValue } from './describe.js';
import { parameterProperties } from './parameters.js';

const ajv = new Ajv2020({ allErrors: true, discriminator: true, strictTypes: false });

/**
 * Holds `network.backbone` of a recipe to one backbone's parameters.
 * @throws Error when they are no valid JSON Schema
 */
export const backboneValidator = (
  backbone: Pick<BackbonePlugin, 'metadata' | 'parameters'>,
): ValidateFunction => ajv.compile(backboneSchema([backbone]));

/**
 * What is wrong with the schema of a backbone's parameters, as the end of "`parameters` must ..."; null when a recipe can be held
 * to it. Other than an attack's, a parameter need not have a default: a recipe must then give it, or `build` do without.
 */
export function backboneProblem(schema: unknown, metadata: BackbonePlugin['metadata']): string | null {
  const fields = (schema ?? {}) as Readonly<Record<string, unknown>>;
  const { type, additionalProperties, required = [] } = fields;
  if (type !== 'object' || additionalProperties !== false || typeof fields['properties'] !== 'object')
    return 'be a JSON Schema of type object with properties and additionalProperties false';
  const properties = parameterProperties(schema);
  if (Object.hasOwn(properties, KIND)) return `have no \`${KIND}\`, which is the backbone's id in a recipe`;
  const undescribed = Object.keys(properties).find((name) => !properties[name]?.description);
  if (undescribed !== undefined) return `describe \`${undescribed}\``;
  const unknown = [required].flat().find((name) => !Object.hasOwn(properties, String(name)));
  if (unknown !== undefined) return `require nothing that is no property, such as ${describeValue(unknown)}`;
  try {
    // As a recipe's schema holds it: references to the schema's own root do not survive that.
    backboneValidator({ metadata, parameters: schema as BackbonePlugin['parameters'] });
  } catch (error) {
    return `be a valid JSON Schema: ${messageOf(error)}`;
  }
  const wrong = Object.keys(properties).find((name) => {
    const property = properties[name]!;
    return property.default !== undefined && !ajv.validate(property, property.default);
  });
  return wrong === undefined ? null : `give \`${wrong}\` a default that is allowed`;
}
