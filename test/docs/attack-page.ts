import type { AttackItem } from '../../src/cli/attack-inventory.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import type { CompositePlugin, CompositeStage } from '../../src/plugin/composite.js';
import { costOf } from '../../src/plugin/cost.js';
import {
  parameterProperties,
  resolveParameters,
  type ParameterProperty,
} from '../../src/plugin/parameters.js';
import { loadAttack } from '../../src/plugin/registry.js';
import { NORMS, type Norm } from '../../src/plugin/threat.js';
import { attackHeader } from './attack-header.js';

const CLASSES = 10;
const NORM_TITLES: Readonly<Record<Norm, string>> = { linf: 'Linf', l2: 'L2', l1: 'L1', l0: 'L0' };

const LINEAR: Readonly<Record<AttackPlugin['metadata']['linear'], string>> = {
  exact: 'On linear classifiers it finds every example that the threat allows; tests hold it to that.',
  bound: 'On linear classifiers it never does worse than uniform noise; tests hold it to that.',
  none: 'It claims nothing on linear classifiers.',
};

/** A page about an attack or composite: from its metadata, its parameters, its costs and the header of its file. */
export async function attackPage(
  item: AttackItem,
  plugin: AttackPlugin | CompositePlugin,
  source: string,
): Promise<string> {
  const { id, title, details } = item;
  const { about, sources, check, notes, limits } = attackHeader(source, `attacks/${id}.ts`);
  const facts: readonly (readonly [string, string])[] = [
    ['needs', accessText(plugin)],
    ['threat models', details.threats.map((threat) => `\`${threat}\``).join(', ')],
    ['norms', details.norms.map((norm) => NORM_TITLES[norm]).join(', ') || 'none'],
    ['goals', details.goals.join(', ')],
    ['kind', details.kind],
    ...(plugin.kind === 'attack' ? attackFacts(plugin) : []),
    ['version', details.version],
  ];
  return [
    `# ${title} (\`${id}\`)`,
    '',
    `<!-- Generated from attacks/${id}.ts: UPDATE_GENERATED=1 npm test -- test/docs/attacks.test.ts -->`,
    '<!-- prettier-ignore-start -->',
    '',
    details.summary,
    '',
    ...table(['', ''], facts),
    '',
    `\`gauntlet attack MODEL --attack ${id} ${exampleFlags(item)}\``,
    '',
    '## What it does',
    '',
    ...paragraphs([about, ...sources]),
    '## Options',
    '',
    ...optionsOf(plugin),
    '',
    ...(plugin.kind === 'attack' ? await costSection(plugin) : await stagesSection(plugin)),
    '## Reference check',
    '',
    ...paragraphs([check, ...notes, ...(plugin.kind === 'attack' ? [LINEAR[plugin.metadata.linear]] : [])]),
    '## Known limits',
    '',
    limits,
    '',
    `Source: [attacks/${id}.ts](../../attacks/${id}.ts). [All attacks](README.md).`,
    '',
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

/** The index: what `gauntlet list attacks` prints, with links. */
export function attackIndex(items: readonly AttackItem[]): string {
  const rows = items.map(({ id, title, details: { access, threats, norms, kind, summary } }) => [
    ...[`[\`${id}\`](${id}.md)`, title, access ?? '-', threats.join(' '), norms.join(' '), kind, summary],
  ]);
  return [
    '# Attacks',
    '',
    '<!-- Generated from attacks/: UPDATE_GENERATED=1 npm test -- test/docs/attacks.test.ts -->',
    '',
    'What `gauntlet list attacks` prints: by what an attack needs of the model, the threat models it takes, and its kind. A',
    '`fixed-budget` attack looks for any example within the budget, a `minimum-norm` attack for the nearest one, a `fitted` attack',
    'learns on other images first, a `wrapper` runs another attack, and a `composite` several in turn, each on what the ones before left.',
    '',
    '<!-- prettier-ignore-start -->',
    ...table(['id', 'title', 'access', 'threats', 'norms', 'kind', 'summary'], rows),
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

function accessText(plugin: AttackPlugin | CompositePlugin): string {
  if (plugin.kind === 'composite') return 'what its attacks need';
  return { gradient: 'gradients', scores: 'scores (logits)', decision: 'decisions (the predicted class)' }[
    plugin.metadata.access
  ];
}

function attackFacts({ metadata }: AttackPlugin): (readonly [string, string])[] {
  const { stochastic, surrogate } = metadata;
  const source = surrogate === 'optional' ? 'can take gradients from one' : 'takes gradients from one';
  return [
    ['draws random numbers', stochastic ? 'yes, keyed by example and seed' : 'no'],
    ...(surrogate === undefined || surrogate === false ? [] : [['surrogate', source] as const]),
  ];
}

function exampleFlags({ details: { threats, norms } }: AttackItem): string {
  const norm = NORMS.find((each) => norms.includes(each));
  if (threats.includes('lp')) return `--norm ${norm!} --epsilon EPSILON`;
  if (threats.includes('minimum')) return `--threat minimum --norm ${norm!}`;
  return threats.includes('patch') ? '--threat patch --patch-area SHARE' : '--threat transform';
}

function optionsOf({ parameters }: AttackPlugin | CompositePlugin): string[] {
  const rows = Object.entries(parameterProperties(parameters)).map(([name, property]) => {
    const { default: standard, description } = property;
    return [
      `\`${name}\``,
      typeText(property),
      rangeText(property),
      `\`${JSON.stringify(standard)}\``,
      description,
    ];
  });
  if (rows.length === 0) return ['None.'];
  return [
    'Each is a flag of `gauntlet attack` as well (`stepSize` is `--step-size`).',
    '',
    ...table(['option', 'type', 'range', 'default', ''], rows),
  ];
}

const typeText = ({ type = 'any' }: ParameterProperty): string =>
  typeof type === 'string' ? type : type.join(' or ');

function rangeText(values: ParameterProperty): string {
  if (values.enum !== undefined) return values.enum.map((value) => `\`${String(value)}\``).join(', ');
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = values;
  return [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`]),
  ].join(', ');
}

interface Passes {
  readonly forward: number;
  readonly gradient: number;
}

async function passesOf(attack: AttackPlugin, given: Readonly<Record<string, unknown>>): Promise<Passes> {
  const parameters = resolveParameters(attack.parameters, given, attack.metadata.id);
  return costOf(attack, parameters, { numClasses: CLASSES }, (id) => loadAttack(id));
}

const amount = (count: number): string => count.toLocaleString('en-US');

async function costSection(attack: AttackPlugin): Promise<string[]> {
  const { forward, gradient } = await passesOf(attack, {});
  const learning =
    attack.fit === undefined ? '' : ' Learning comes before, once for all examples, and is not in this.';
  return [
    '## Cost',
    '',
    `At the defaults on ${CLASSES} classes at most ${amount(gradient)} gradient and ${amount(forward)} forward passes per example.${learning}`,
    '',
  ];
}

async function stagesSection(composite: CompositePlugin): Promise<string[]> {
  const parameters = resolveParameters(composite.parameters, {}, composite.metadata.id);
  const sections: string[] = [];
  for (const norm of NORMS.filter((each) => composite.metadata.norms.includes(each))) {
    const threat = { kind: 'lp', norm, epsilon: 1 } as const;
    const stages = composite.stages(parameters, { threat, goal: { kind: 'untargeted' } });
    sections.push(`### ${NORM_TITLES[norm]}`, '', ...(await stageTable(stages)), '');
  }
  return [
    '## Stages and cost',
    '',
    `At the defaults, untargeted, on ${CLASSES} classes: passes at most, per example that is left when the stage begins.`,
    '',
    ...sections,
  ];
}

async function stageTable(stages: readonly CompositeStage[]): Promise<string[]> {
  const rows: string[][] = [];
  for (const { attack, parameters } of stages) {
    const { forward, gradient } = await passesOf(await loadAttack(attack), parameters);
    const given = Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    rows.push([`[\`${attack}\`](${attack}.md)`, given.join(', '), amount(gradient), amount(forward)]);
  }
  return table(['attack', 'options that are not defaults', 'gradient', 'forward'], rows);
}

const paragraphs = (texts: readonly string[]): string[] => texts.flatMap((text) => [text, '']);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`);

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
