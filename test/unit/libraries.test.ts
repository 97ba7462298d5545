import { runUnitTests } from '../harness/unit-tests.ts';

await runUnitTests('libraries');
