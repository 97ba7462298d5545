import {
  askDemo,
  type ControlRequest,
  ControlUnusable,
  controlSocketPath,
  DEMO_DOMAIN_ID,
  type Delivery,
  isScenarioName,
  NoDemoRunning,
  SCENARIO_NAMES,
  SCENARIOS,
  type ScenarioName,
} from '@medkit/demo';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { MAX_DOMAIN_ID, readDomain } from './demo-domain.ts';

const ALL = 'all';

const describe = (name: ScenarioName) => `${name}: ${SCENARIOS[name].about}`;

/** Sends a request to the demo on a domain and prints the active scenarios. */
async function ask(domainId: number, request: ControlRequest): Promise<ExitCode> {
  const { scenarios } = await answerOf(domainId, request);
  const active = SCENARIO_NAMES.filter((name) => scenarios[name]);
  console.log(active.length === 0 ? 'No failure scenario is active.' : active.map(describe).join('\n'));
  return ExitCode.ok;
}

/** Sends a request to the demo on a domain and returns its reply. Throws `CommandFailed`. */
async function answerOf(domainId: number, request: ControlRequest) {
  try {
    const reply = await askDemo(controlSocketPath(process.env, domainId), request);
    if (!reply.ok) throw new CommandFailed(`the demo rejected the command: ${reply.error}`);
    return reply;
  } catch (error) {
    if (error instanceof NoDemoRunning || error instanceof ControlUnusable) {
      throw new CommandFailed(error.message, ExitCode.demoState);
    }
    throw error;
  }
}

async function parse(args: readonly string[]) {
  const { values, positionals } = await parseArguments(args, { domain: { type: 'string' } });
  return { domainId: readDomain(values), positionals };
}

async function readScenarios(args: readonly string[], choice: readonly string[]): Promise<readonly ScenarioName[]> {
  const listed = choice.join(', ');
  if (args.length === 0) throw new CommandFailed(`missing scenario: use one of ${listed}`, ExitCode.usage);
  const unknown = args.find((word) => !choice.includes(word));
  if (unknown === undefined) return args.includes(ALL) ? SCENARIO_NAMES : args.filter(isScenarioName);
  const { nearestName } = await import('@medkit/documents/nearest');
  const nearest = nearestName(unknown, choice);
  const advice = nearest === undefined ? `Use one of ${listed}` : `Did you mean ${nearest}?`;
  throw new CommandFailed(`unknown scenario ${unknown}. ${advice}`, ExitCode.usage);
}

const DOMAIN_LINE = [
  '--domain <integer>',
  `DDS domain of the demo, 0 to ${MAX_DOMAIN_ID} (default ${DEMO_DOMAIN_ID})`,
] as const;

function helpFor(usage: string, about: string, example: string): string {
  return helpText({
    usage,
    about: [about, '', 'Scenarios:', columns(SCENARIO_NAMES.map((name) => [name, SCENARIOS[name].about]))],
    options: [DOMAIN_LINE],
    examples: [[example, 'with the default domain']],
  });
}

/** `medkit demo inject <scenario> …` */
export const injectScenario: CommandProgram = {
  help: () =>
    helpFor(
      'demo inject <scenario> …',
      'Starts failure scenarios in the running demo, and lists the active scenarios.',
      'demo inject obstacle',
    ),
  async run(args) {
    const { domainId, positionals } = await parse(args);
    return ask(domainId, { command: 'inject', scenarios: await readScenarios(positionals, SCENARIO_NAMES) });
  },
};

/** `medkit demo clear <scenario> …|all` */
export const clearScenario: CommandProgram = {
  help: () =>
    helpFor(
      'demo clear <scenario> …|all',
      'Ends failure scenarios of the running demo, and lists the active scenarios.',
      'demo clear all',
    ),
  async run(args) {
    const { domainId, positionals } = await parse(args);
    const scenarios = await readScenarios(positionals, [...SCENARIO_NAMES, ALL]);
    return ask(domainId, { command: 'clear', scenarios });
  },
};

/** `medkit demo status` */
export const demoStatus: CommandProgram = {
  help: () => helpFor('demo status', 'Lists the failure scenarios that are active in the running demo.', 'demo status'),
  async run(args) {
    const { domainId, positionals } = await parse(args);
    expectNoArguments(positionals);
    return ask(domainId, { command: 'status' });
  },
};

/** `medkit demo webhooks` */
export const demoWebhooks: CommandProgram = {
  help: () =>
    helpText({
      usage: 'demo webhooks',
      about: [
        'Lists the deliveries to the webhook receiver of the running demo, newest first: each change of a fault of the navigation',
        'component. The receiver is a separate program that gets its information only from these deliveries.',
      ],
      options: [['--json', 'print the deliveries with their events as JSON'], DOMAIN_LINE],
    }),
  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      domain: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { receiver } = await answerOf(readDomain(values), { command: 'status' });
    const text = await (await fetch(receiver)).text();
    console.log(values.json ? text.trimEnd() : await deliveryTable(JSON.parse(text).items));
    return ExitCode.ok;
  },
};

async function deliveryTable(deliveries: readonly Delivery[]): Promise<string> {
  if (deliveries.length === 0) return 'no deliveries yet: cause a fault with `demo inject obstacle`';
  const [{ table }, { formatTime }] = await Promise.all([
    import('../terminal/table.ts'),
    import('../terminal/format.ts'),
  ]);
  const rows = deliveries.map(({ received, id, signature, event }) => {
    const { payload } = (event as { readonly data?: { readonly payload?: FaultStreamEventType } }).data ?? {};
    const code = payload?.fault?.fault_code ?? payload?.fault_code ?? '';
    return [formatTime(new Date(received)), payload?.event_type ?? '', code, signature, id];
  });
  return table(['RECEIVED', 'EVENT', 'FAULT', 'SIGNATURE', 'DELIVERY'], rows);
}

/** The printed members of a trigger event about a fault. */
interface FaultStreamEventType {
  readonly event_type?: string;
  readonly fault_code?: string;
  readonly fault?: { readonly fault_code?: string };
}
