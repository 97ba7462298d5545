import { parseArgs } from 'node:util';
import { datagramStorm } from './datagrams/datagram-storm.ts';
import { payloadStorm } from './payloads/payload-storm.ts';
import { requestStorm } from './requests/request-storm.ts';
import { InvariantViolated, type Stage } from './stage.ts';

/** The storms, and their share per ten million datagrams. */
const STAGES: Readonly<Record<string, { readonly stage: Stage; readonly share: number }>> = {
  datagrams: { stage: datagramStorm, share: 1 },
  payloads: { stage: payloadStorm, share: 0.1 },
  requests: { stage: requestStorm, share: 0.01 },
};

const DEFAULT_COUNT = '10000000';
const DEFAULT_SEED = '1';

const HELP = `Throws hostile input at every layer and looks whether anything breaks or grows. See docs/guides/fuzzing.md.

  --seed <integer>     what is thrown; the same seed throws the same (default ${DEFAULT_SEED})
  --count <integer>    datagrams; the other storms have their share of it (default ${DEFAULT_COUNT})
  --seconds <integer>  end each storm after this time (default: when all is thrown)
  --only <name>        one storm: ${Object.keys(STAGES).join(', ')}`;

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new Error(`--${option}: expected a whole number, found "${text}"`);
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (line !== '') process.stderr.write(`${line}\n`);
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: DEFAULT_SEED },
      count: { type: 'string', default: DEFAULT_COUNT },
      seconds: { type: 'string' },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const [seed, count] = [wholeNumber('seed', values.seed), wholeNumber('count', values.count)];
  const seconds = values.seconds === undefined ? Number.POSITIVE_INFINITY : wholeNumber('seconds', values.seconds);
  for (const name of values.only ?? Object.keys(STAGES)) {
    const found = STAGES[name];
    if (!found) throw new Error(`there is no storm "${name}": choose from ${Object.keys(STAGES).join(', ')}`);
    const deadlineMs = performance.now() + seconds * 1000;
    const figures = await found.stage({ seed, count: Math.ceil(count * found.share), deadlineMs, progress });
    progress('');
    console.log(`# ${name} (seed ${seed})`);
    for (const line of figures) console.log(`- ${line}`);
  }
}

try {
  await run();
} catch (error) {
  progress('');
  console.error(error instanceof InvariantViolated ? `BROKEN ${error.message}` : `fuzz: ${(error as Error).message}`);
  process.exitCode = 1;
}
