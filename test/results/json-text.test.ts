import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/fingerprint.js';
import { jsonText } from '../../src/results/json-text.js';

describe('the text of a result file', () => {
  it('holds the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(jsonText(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it('does not depend on the order in which properties were set', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (pairs) => {
        expect(jsonText(Object.fromEntries(pairs.toReversed()))).toBe(jsonText(Object.fromEntries(pairs)));
      }),
    );
  });

  it('keeps plain arrays on one line and ends with a newline', () => {
    expect(jsonText({ b: [1, 2, null], a: [{ c: 'x' }], gone: undefined, e: {}, f: [] })).toBe(
      `{
  "a": [
    {
      "c": "x"
    }
  ],
  "b": [1, 2, null],
  "e": {},
  "f": []
}
`,
    );
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p and says where it is', (value) => {
    expect(() => jsonText({ distances: [0, value] })).toThrow(/distances\.1 is/);
  });
});
