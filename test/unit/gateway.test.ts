import { runUnitTests } from '../harness/unit-tests.ts';

await runUnitTests('gateway');
