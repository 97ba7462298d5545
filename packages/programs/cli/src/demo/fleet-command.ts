import {
  ControlUnusable,
  DEMO_DOMAIN_ID,
  type FleetView,
  fleetSocketPath,
  lookOnFleet,
  NoFleetRunning,
} from '@medkit/demo';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { readDomain } from './demo-domain.ts';

/** `medkit demo fleet` */
export const demoFleet: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} demo fleet`,
      '',
      'Shows what the fleet control of the running demo (`demo --fleet`) sees: its robots and what is wrong with them, the lanes of',
      'the warehouse that it has closed, and the way on which it sends the second robot. It knows no more than what the robots tell',
      'by VDA 5050.',
      '',
      columns([
        ['-f, --follow', 'then go on with every change, until Ctrl-C'],
        ['--json', 'the same for programs; with --follow an object a line'],
        ['--domain <integer>', `of the demo that is meant (default ${DEMO_DOMAIN_ID})`],
      ]),
    ].join('\n'),
  async run(words) {
    const { values, positionals } = await parseWords(words, {
      domain: { type: 'string' },
      follow: { type: 'boolean', short: 'f', default: false },
      json: { type: 'boolean', default: false },
    });
    expectNoWords(positionals);
    const { json, follow } = values;
    const [{ changeLines, fleetText }, { timeInWords }] = await Promise.all([
      import('./fleet-lines.ts'),
      import('../terminal/in-words.ts'),
    ]);
    const signal = follow ? stopSignal() : undefined;
    try {
      let before: FleetView | undefined;
      for await (const view of lookOnFleet(fleetSocketPath(process.env, readDomain(values)), signal)) {
        if (json) console.log(JSON.stringify(view, undefined, follow ? undefined : 2));
        else if (before === undefined) console.log(fleetText(view));
        else for (const line of changeLines(before, view)) console.log(`${timeInWords(new Date())} ${line}`);
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
