import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { gradientRules } from '../../src/graph/autodiff/rules/index.js';
import { straightThroughRules } from '../../src/graph/autodiff/straight-through.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { operators, type OperatorDecision } from '../../src/graph/operators.js';
import { LATER_OPERATORS, LOWERINGS } from '../../src/graph/passes/opset-lowerings.js';
import { UPGRADES } from '../../src/graph/passes/opset-upgrades.js';
import { randomOperator } from '../../src/graph/passes/random-operators.js';
import { operators as references } from '../reference/evaluate.js';
import { arbitraries } from './autodiff/arbitraries/index.js';
import { cases } from './autodiff/cases/index.js';
import { anyShape, engine } from './autodiff/gradient-check.js';

const PAGE = resolve('docs/operators.md');

const namesOf = (gradient: OperatorDecision['gradient']): string[] =>
  [...operators].flatMap(([op, decision]) => (decision.gradient === gradient ? [op] : []));

const decisionOf = (op: string): string | undefined => operators.get(op)?.gradient;

const without = (names: Iterable<string>, known: (op: string) => boolean): string[] =>
  [...names].filter((op) => !known(op));

describe('the table of operators', () => {
  it('is sorted by name', () => {
    expect([...operators.keys()]).toEqual([...operators.keys()].sort());
  });

  it('says "rule" of exactly the operators that have one', () => {
    expect(namesOf('rule')).toEqual([...gradientRules.keys()].sort());
  });

  it('says "lowered" of operators that have a lowering, and of those only', () => {
    expect(without(namesOf('lowered'), (op) => op in LOWERINGS || op in UPGRADES)).toEqual([]);
    expect(namesOf('lowered').filter((op) => LATER_OPERATORS.has(op))).toEqual([]);
  });

  it('knows every operator that is rewritten or passed straight-through anywhere', () => {
    const mentioned = [...LATER_OPERATORS, ...Object.keys(LOWERINGS), ...Object.keys(UPGRADES)];
    expect(without([...mentioned, ...straightThroughRules.keys()], (op) => operators.has(op))).toEqual([]);
  });

  it('says "straight-through" of what blocks without that option and passes with it', () => {
    const blocking = [...straightThroughRules.keys()].filter(
      (op) => !['rule', 'cut'].includes(decisionOf(op)!),
    );
    expect(namesOf('straight-through')).toEqual(blocking.sort());
  });

  it('says "random" of exactly the operators that draw whatever their attributes', () => {
    const draws = (op: string): boolean => {
      const node = { name: op, op, domain: '', inputs: ['x'], outputs: ['y'], attributes: {} };
      return randomOperator(node, 17, () => undefined) !== undefined;
    };
    expect(namesOf('random')).toEqual([...operators.keys()].filter(draws));
  });

  it('lists only operators that ONNX Runtime knows', async () => {
    expect(await isRegistered('NoSuchOperator')).toBe(false);
    const unknown: string[] = [];
    for (const op of operators.keys()) if (!(await isRegistered(op))) unknown.push(op);
    expect(unknown).toEqual([]);
  });
});

describe('every operator with a gradient rule', () => {
  it('occurs in a function on which rules are checked', () => {
    const checked = new Set(
      cases.flatMap((fn) => {
        const builder = new GraphBuilder({ name: fn.name, opsets: { '': 17 } });
        fn.build(builder);
        return builder.build().nodes.map((node) => node.op);
      }),
    );
    expect(without(gradientRules.keys(), (op) => checked.has(op))).toEqual([]);
  });

  it('has random functions', () => {
    expect(without(gradientRules.keys(), (op) => op in arbitraries)).toEqual([]);
  });

  it('is known to the float64 interpreter', () => {
    expect(without(gradientRules.keys(), (op) => op in references)).toEqual([]);
  });
});

/** The newest operator set that the installed ONNX Runtime releases; it still names what was removed before. */
const NEWEST = 26;

/** Tries a node that is hardly ever valid: for a name it knows ONNX Runtime finds fault with inputs or attributes. */
async function isRegistered(op: string): Promise<boolean> {
  const builder = new GraphBuilder({ name: op, opsets: { '': NEWEST } });
  builder.input('x', 'float32', [1]);
  const y = builder.add(op, ['x'], { no_such_attribute: { type: 'int', value: 0 } });
  try {
    await (await engine.compile({ ...builder.build(), outputs: [anyShape(y)] })).release();
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.includes('invalid model. In Node') && !message.includes('No Op registered');
  }
}

const MEANING: {
  [G in OperatorDecision['gradient']]: (
    decision: Extract<OperatorDecision, { gradient: G }>,
    op: string,
  ) => readonly [gradient: string, note: string];
} = {
  rule: ({ note = '' }) => ['yes', note],
  lowered: ({ into }) => ['yes', `Rewritten into ${into}.`],
  cut: ({ reads }) => [
    'zero',
    reads === 'shape' ? 'Reads a shape, no values.' : 'A truth value, constant almost everywhere.',
  ],
  folded: () => ['none', 'Replaced by its result, which no input influences.'],
  random: ({ note }) => ['none', `Becomes an input, fed from keyed streams. ${note}`],
  'straight-through': (_, op) => ['blocks', `${capital(straightThroughRules.get(op)!.reason)}.`],
  blocked: ({ why }) => ['blocks', why],
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function row([op, decision]: readonly [string, OperatorDecision]): string {
  const describe = MEANING[decision.gradient] as (
    decision: OperatorDecision,
    op: string,
  ) => readonly [string, string];
  const [gradient, note] = describe(decision, op);
  const approximation = straightThroughRules.get(op)?.backward;
  const notes = [note, approximation === undefined ? '' : `Straight-through: ${approximation}.`];
  return `| ${op} | ${gradient} | ${notes.filter((text) => text !== '').join(' ')} |`;
}

/** The page as the table has it. */
const renderOperatorsPage = (): string =>
  [
    '# Operators',
    '',
    'What becomes of the gradient at each operator of ONNX: **yes**, it passes (the note gives the convention where the derivative is not',
    'unique); **zero** by convention; **none**, the operator reads nothing that could need one; **blocks**: attacks that need a gradient do not run',
    'on the model, unless the note names a straight-through approximation and `--straight-through` asks for it. Operators of other domains block.',
    'This page is generated from `src/graph/operators.ts` (`UPDATE_GENERATED=1 npm test` writes it).',
    '',
    '<!-- prettier-ignore-start -->',
    '| operator | gradient | notes |',
    '| --- | --- | --- |',
    ...[...operators].map(row),
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');

describe('docs/operators.md', () => {
  it('lists exactly the table', () => {
    const page = renderOperatorsPage();
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});
