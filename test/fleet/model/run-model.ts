import { AssertionError } from 'node:assert';
import { FleetModel } from './fleet-model.ts';

/**
 * Runs the model check with consecutive seeds, each with the same number of operations. Prints the first invariant that
 * does not hold, and exits with 3.
 */
const [first, seeds, operations] = process.argv.slice(2).map(Number) as [number, number, number];
for (let seed = first; seed < first + seeds && process.exitCode === undefined; seed += 1) {
  try {
    await (await FleetModel.start(seed)).run(operations);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    console.log(`seed ${seed}: ${error.message}`);
    process.exitCode = 3;
  }
}
