import { suite, test } from 'node:test';
import { Sandbox } from '../scenes/medkit-process.ts';
import { shellBlocks, type } from '../scenes/typed-commands.ts';

const README = 'examples/fleet/README.md';
/** Generous for a busy machine: two robots start. */
const START_MS = 120_000;

suite('the example with a fleet hub', { timeout: 300_000 }, () => {
  test('works as its README describes', async () => {
    await using sandbox = new Sandbox();
    const domains = [await sandbox.domain(), await sandbox.domain()] as const;
    const fleet = sandbox.example('examples/fleet/fleet.ts', ['--port', '0', '--domains', domains.join()]);
    const url = await fleet.printed(/^fleet +(\S+)\/fleet$/m, START_MS);
    await fleet.printed(/^Ctrl-C ends it all/m, START_MS);
    const [, ...typed] = shellBlocks(README);
    await type({ sandbox, url, domain: domains[0] }, typed);
  });
});
