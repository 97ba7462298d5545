import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../harness/eventually.ts';

/** What the vendors' nodes offer to the commands: `commands` of peers. */
export const OFFERS = {
  talker: ['node /talker', 'parameters', 'pub /chatter std_msgs/msg/String rate=10'],
  listener: ['node /listener', 'service /add example_interfaces/srv/AddTwoInts'],
} as const;

/** Runs every command that queries a gateway once, on a robot with these nodes, and checks its output. */
export async function typeEveryCommand(
  medkit: string,
  { home, environment }: { readonly home: string; readonly environment: Readonly<Record<string, string>> },
): Promise<void> {
  const type = async (args: string): Promise<string> => {
    try {
      const { stdout } = await promisify(execFile)(medkit, args.split(' '), { cwd: home, env: environment });
      return stdout;
    } catch (error) {
      // The doctor examines the whole machine, on which other tests run robots.
      const { code, stdout } = error as { readonly code?: unknown; readonly stdout: string };
      if (args === 'doctor' && code === 1) return stdout;
      throw error;
    }
  };
  await eventually('all that the nodes offer', async () => {
    const offered = await Promise.all([type('call listener'), type('get talker'), type('watch /chatter -n 1')]);
    return offered[0].includes('add') && offered[1].includes('max_speed');
  });
  writeFileSync(join(home, 'check.sh'), 'echo PROGRESS 50\necho all is well\n');
  const says: readonly (readonly [words: string, what: RegExp])[] = [
    ['apps', /^talker +online/m],
    ['components', /^ID/],
    ['areas', /^/],
    ['functions', /^/],
    ['watch /chatter -n 2', /data/],
    ['get talker', /^max_speed +1\.5/m],
    ['set talker max_speed 2', /^max_speed: 1\.5 -> 2$/m],
    ['call listener add a=2 b=3', /5/],
    ['lock talker --for 1m', /lock_\d+/],
    ['unlock talker', /^/],
    ['logs talker', /^/],
    ['faults', /^/],
    ['run talker ./check.sh', /all is well/],
    ['trigger add talker data/chatter --change', /trig_\d+/],
    ['trigger list talker', /trig_\d+/],
    ['bag list talker', /^/],
    ['audit list', /PUT \/apps\/talker\/configurations/],
    ['manifest draft', /^ +- id: "?talker"?$/m],
    ['config explain', /^ +ros\.domain_id/m],
    ['completion bash', /complete /],
    ['doctor', /talker|nodes +[2-9]/],
    ['peers', /aggregation\.enabled/],
  ];
  for (const [args, what] of says) assert.match(await type(args), what, `medkit ${args}`);
}
