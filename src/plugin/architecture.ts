import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf } from '../errors.js';
import { backboneSchema, KIND } from '../models/architectures/backbone-schema.js';
import type { BackbonePlugin } from '../models/architectures/define.js';
import { parameterProperties } from './parameters.js';

/**
 * What is wrong with the schema of a backbone's parameters, as the end of "`parameters` must ..."; null when a recipe can be held
 * to it. Other than an attack's, a parameter need not have a default: a recipe must then give it, or `build` do without.
 */
export function backboneProblem(schema: unknown, id: string): string | null {
  const fields = (schema ?? {}) as Readonly<Record<string, unknown>>;
  const { type, additionalProperties, required = [] } = fields;
  if (type !== 'object' || additionalProperties !== false || typeof fields['properties'] !== 'object')
    return 'be a JSON Schema of type object with properties and additionalProperties false';
  const properties = parameterProperties(schema);
  if (Object.hasOwn(properties, KIND)) return `have no \`${KIND}\`, which is the backbone's id in a recipe`;
  const undescribed = Object.keys(properties).find((name) => !properties[name]?.description);
  if (undescribed !== undefined) return `describe \`${undescribed}\``;
  const unknown = [required].flat().find((name) => !Object.hasOwn(properties, String(name)));
  if (unknown !== undefined) return `require nothing that is no property, such as "${String(unknown)}"`;
  return compilationProblem(schema as BackbonePlugin['parameters'], id) ?? defaultProblem(properties);
}

/** As a recipe's schema holds it: references to the schema's own root do not survive that. */
function compilationProblem(parameters: BackbonePlugin['parameters'], id: string): string | null {
  const schema = backboneSchema([{ metadata: { id }, parameters } as BackbonePlugin]);
  try {
    new Ajv2020({ discriminator: true, strictTypes: false }).compile(schema);
    return null;
  } catch (error) {
    return `be a valid JSON Schema: ${messageOf(error)}`;
  }
}

function defaultProblem(properties: ReturnType<typeof parameterProperties>): string | null {
  const ajv = new Ajv2020({ strictTypes: false });
  const wrong = Object.keys(properties).find((name) => {
    const property = properties[name]!;
    return property.default !== undefined && !ajv.validate(property, property.default);
  });
  return wrong === undefined ? null : `have a valid default of \`${wrong}\``;
}
