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
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { readDomain } from './demo-domain.ts';

const ALL = 'all';

const describe = (name: ScenarioName) => `${name}: ${SCENARIOS[name].about}`;

/** Sends one request to the demo on a domain and prints what is on afterwards. */
async function ask(domainId: number, request: ControlRequest): Promise<ExitCode> {
  const { scenarios } = await answerOf(domainId, request);
  const active = SCENARIO_NAMES.filter((name) => scenarios[name]);
  console.log(active.length === 0 ? 'All is well with the demo robot.' : active.map(describe).join('\n'));
  return ExitCode.ok;
}

/** What the demo on a domain answers. Throws `CommandFailed`. */
async function answerOf(domainId: number, request: ControlRequest) {
  try {
    const reply = await askDemo(controlSocketPath(process.env, domainId), request);
    if (!reply.ok) throw new CommandFailed(`the demo refused: ${reply.error}`);
    return reply;
  } catch (error) {
    if (error instanceof NoDemoRunning || error instanceof ControlUnusable) {
      throw new CommandFailed(error.message, ExitCode.demoState);
    }
    throw error;
  }
}

async function parse(words: readonly string[]) {
  const { values, positionals } = await parseWords(words, { domain: { type: 'string' } });
  return { domainId: readDomain(values), positionals };
}

async function readScenarios(words: readonly string[], choice: readonly string[]): Promise<readonly ScenarioName[]> {
  const listed = choice.join(', ');
  if (words.length === 0) throw new CommandFailed(`which scenario? One of ${listed}`, ExitCode.usage);
  const unknown = words.find((word) => !choice.includes(word));
  if (unknown === undefined) return words.includes(ALL) ? SCENARIO_NAMES : words.filter(isScenarioName);
  const { nearestName } = await import('@medkit/documents/nearest');
  const nearest = nearestName(unknown, choice);
  const advice = nearest === undefined ? `It is one of ${listed}` : `Did you mean ${nearest}?`;
  throw new CommandFailed(`no such scenario: ${unknown}. ${advice}`, ExitCode.usage);
}

function helpFor(command: string): string {
  return [
    `${invocation(process.env)} ${command}`,
    '',
    columns(SCENARIO_NAMES.map((name) => [name, SCENARIOS[name].about])),
    '',
    columns([['--domain <integer>', `of the demo that is meant (default ${DEMO_DOMAIN_ID})`]]),
  ].join('\n');
}

/** `medkit demo inject <scenario> …` */
export const injectScenario: CommandProgram = {
  help: () => helpFor('demo inject <scenario> …'),
  async run(words) {
    const { domainId, positionals } = await parse(words);
    return ask(domainId, { command: 'inject', scenarios: await readScenarios(positionals, SCENARIO_NAMES) });
  },
};

/** `medkit demo clear <scenario> …|all` */
export const clearScenario: CommandProgram = {
  help: () => helpFor('demo clear <scenario> …|all'),
  async run(words) {
    const { domainId, positionals } = await parse(words);
    const scenarios = await readScenarios(positionals, [...SCENARIO_NAMES, ALL]);
    return ask(domainId, { command: 'clear', scenarios });
  },
};

/** `medkit demo status` */
export const demoStatus: CommandProgram = {
  help: () => helpFor('demo status'),
  async run(words) {
    const { domainId, positionals } = await parse(words);
    expectNoWords(positionals);
    return ask(domainId, { command: 'status' });
  },
};

/** `medkit demo webhooks` */
export const demoWebhooks: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} demo webhooks`,
      '',
      'Lists what the gateway has delivered to the receiver of the running demo, the newest first: every change of a fault of the',
      'navigation. The receiver is a program of its own that knows of the robot no more than that.',
      '',
      columns([
        ['--json', 'the deliveries with their events, for programs'],
        ['--domain <integer>', `of the demo that is meant (default ${DEMO_DOMAIN_ID})`],
      ]),
    ].join('\n'),
  async run(words) {
    const { values, positionals } = await parseWords(words, {
      domain: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoWords(positionals);
    const { receiver } = await answerOf(readDomain(values), { command: 'status' });
    const text = await (await fetch(receiver)).text();
    console.log(values.json ? text.trimEnd() : await deliveryTable(JSON.parse(text).items));
    return ExitCode.ok;
  },
};

async function deliveryTable(deliveries: readonly Delivery[]): Promise<string> {
  if (deliveries.length === 0) return 'nothing was delivered yet: `demo inject obstacle` makes faults';
  const [{ table }, { timeInWords }] = await Promise.all([
    import('../terminal/table.ts'),
    import('../terminal/in-words.ts'),
  ]);
  const rows = deliveries.map(({ received, id, signature, event }) => {
    const { payload } = (event as { readonly data?: { readonly payload?: FaultNews } }).data ?? {};
    const code = payload?.fault?.fault_code ?? payload?.fault_code ?? '';
    return [timeInWords(new Date(received)), payload?.event_type ?? '', code, signature, id];
  });
  return table(['RECEIVED', 'EVENT', 'FAULT', 'SIGNATURE', 'DELIVERY'], rows);
}

/** What a trigger tells of a fault, as far as it is shown. */
interface FaultNews {
  readonly event_type?: string;
  readonly fault_code?: string;
  readonly fault?: { readonly fault_code?: string };
}
