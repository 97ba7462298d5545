#!/usr/bin/env -S node --max-semi-space-size=4
// A small young generation keeps the gateway under 150 MB; it holds little that is young. See also tools/with-node.mjs.
import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode(process.env);
const { runCli } = await import('./command/run-cli.ts');
process.exit(await runCli(process.argv.slice(2)));
