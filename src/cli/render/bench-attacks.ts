import type { AttackReport } from '../../results/schema/bench.js';
import { plainTable } from '../../text/plain-table.js';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const perSecond = (rate: number) => (rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US'));
const passes = (mean: number) => (Number.isInteger(mean) ? String(mean) : mean.toFixed(1));

/** Attacks on the networks of the bench as a table. */
export function renderAttacks(attacks: readonly AttackReport[]): string {
  const rows = attacks.map((report, i) => {
    const { network, attack, threat, parameters, images, imagesPerSecond, shareOutsideEngine } = report;
    const { forward, gradient } = report.passes;
    return [
      ...[network === attacks[i - 1]?.network ? '' : network, attack, threat, String(images)],
      ...[passes(forward), passes(gradient), perSecond(imagesPerSecond), percent(shareOutsideEngine)],
      Object.entries(parameters)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ];
  });
  const head = ['network', 'attack', 'threat', 'images', 'forward', 'gradient', 'images/s', 'outside', ''];
  return plainTable(head, rows, { right: [3, 4, 5, 6, 7] });
}
