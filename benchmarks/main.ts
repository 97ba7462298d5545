import { graph } from './graph.ts';
import { http } from './http.ts';
import { wire } from './wire.ts';

/** Runs the named measurements, or all. Each prints its figures beside a calibrator of the same run. */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = { graph, http, wire };

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown) {
  console.error(`There is no benchmark "${unknown}": choose from ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(1);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  console.log(`# ${name}`);
  await BENCHMARKS[name]();
}
