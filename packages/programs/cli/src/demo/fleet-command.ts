import {
  ControlUnusable,
  DEMO_DOMAIN_ID,
  type FleetView,
  fleetSocketPath,
  followFleet,
  NoFleetRunning,
} from '@medkit/demo';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { MAX_DOMAIN_ID, readDomain } from './demo-domain.ts';

/** `medkit demo fleet` */
export const demoFleet: CommandProgram = {
  help: () =>
    helpText({
      usage: 'demo fleet',
      about: [
        'Shows what the fleet control of a running demo (`demo --fleet`) knows: robots with their errors, closed lanes, and the',
        'route of the second robot. Fleet control gets all its information from VDA 5050 messages.',
      ],
      options: [
        ['-f, --follow', 'print changes until Ctrl-C'],
        ['--json', 'print JSON; with --follow one object per line'],
        ['--domain <integer>', `DDS domain of the demo, 0 to ${MAX_DOMAIN_ID} (default ${DEMO_DOMAIN_ID})`],
      ],
      examples: [['demo fleet -f', 'follow errors, closed lanes and routes']],
    }),
  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      domain: { type: 'string' },
      follow: { type: 'boolean', short: 'f', default: false },
      json: { type: 'boolean', default: false },
    });
    expectNoArguments(positionals);
    const { json, follow } = values;
    const [{ changeLines, fleetText }, { formatTime }] = await Promise.all([
      import('./fleet-lines.ts'),
      import('../terminal/format.ts'),
    ]);
    const signal = follow ? stopSignal() : undefined;
    try {
      let before: FleetView | undefined;
      for await (const view of followFleet(fleetSocketPath(process.env, readDomain(values)), signal)) {
        if (json) console.log(JSON.stringify(view, undefined, follow ? undefined : 2));
        else if (before === undefined) console.log(fleetText(view));
        else for (const line of changeLines(before, view)) console.log(`${formatTime(new Date())} ${line}`);
        before = view;
        if (!follow) break;
      }
    } catch (error) {
      if (!(error instanceof NoFleetRunning || error instanceof ControlUnusable)) throw error;
      throw new CommandFailed(error.message, ExitCode.demoState);
    }
    return ExitCode.ok;
  },
};
