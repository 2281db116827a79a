import type { KernelTime, Profile } from '../../bench/profile.js';
import { plainTable } from '../../text/plain-table.js';

/** Most nodes that are listed. */
const NODES = 15;

const milliseconds = (value: number) => value.toFixed(2);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Profiles as tables, one network below the other. */
export function renderProfiles(profiles: readonly Profile[]): string {
  return profiles.map(renderProfile).join('\n\n');
}

function renderProfile(profile: Profile): string {
  const { id, batchSize, threads, runs, operators, nodes, outsideKernels } = profile;
  const outside = { name: 'outside kernels', count: 0, milliseconds: outsideKernels };
  const share = outsideKernels / profile.milliseconds;
  return [
    `${id}: forward + gradient, batch ${batchSize}, ${threads} thread(s), median of ${runs} runs: ` +
      `${milliseconds(profile.milliseconds)} ms`,
    '',
    table('operator', [...operators, { ...outside, share }]),
    '',
    table('node', nodes.slice(0, NODES)),
  ].join('\n');
}

const table = (title: string, times: readonly KernelTime[]): string =>
  plainTable(
    ['ms', 'share', 'count', title],
    times.map(({ name, count, milliseconds: ms, share }) => [
      milliseconds(ms),
      percent(share),
      count === 0 ? '' : String(count),
      name,
    ]),
    { right: [0, 1, 2] },
  );
