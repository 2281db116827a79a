import { describe, expect, it } from '@jest/globals';
import { plainTable } from '../../src/text/plain-table.js';

describe('a plain table', () => {
  it('aligns columns without a frame or trailing space', () => {
    expect(
      plainTable(
        ['id', 'n'],
        [
          ['pgd', '7'],
          ['fgsm', '123'],
        ],
        { right: [1] },
      ),
    ).toBe(['id      n', 'pgd     7', 'fgsm  123'].join('\n'));
  });

  it('without rows is its head', () => {
    expect(plainTable(['id', 'n'], [])).toBe('id  n');
  });
});
