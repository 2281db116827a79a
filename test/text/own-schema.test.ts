import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { configSchema } from '../../src/config/schema.js';
import { builtInArchitectures } from '../../src/models/architectures/registry.js';
import { cardSchema } from '../../src/models/card.js';
import { suiteSchema } from '../../src/suite/schema.js';
import { ownSchema } from '../../src/text/own-schema.js';
import { recipeSchemaOf } from '../../src/train/recipe-schema.js';

const recipeSchema = recipeSchemaOf(builtInArchitectures);

describe("the tool's own schemas", () => {
  it.each(Object.entries({ cardSchema, configSchema, recipeSchema, suiteSchema }))(
    '%s is valid JSON Schema 2020-12',
    (_name, schema) => {
      expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true);
    },
  );

  it('give the value, or every error they are asked for', () => {
    const check = ownSchema<{ a: number }>(
      {
        type: 'object',
        required: ['a'],
        additionalProperties: false,
        properties: { a: { type: 'number' } },
      },
      { allErrors: true },
    );
    expect(check({ a: 1 })).toEqual({ valid: true, value: { a: 1 } });
    const wrong = check({ b: 1 });
    expect(wrong.valid ? [] : wrong.errors.map(({ keyword }) => keyword)).toEqual([
      'required',
      'additionalProperties',
    ]);
    // The next value's errors replace nothing of what was returned.
    check({ a: 'x' });
    expect(wrong).toMatchObject({ errors: [{ keyword: 'required' }, { keyword: 'additionalProperties' }] });
  });
});
