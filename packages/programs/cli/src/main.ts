import { cacheCompiledCode } from './compile-cache.ts';

cacheCompiledCode(process.env);
const { runCli } = await import('./command/run-cli.ts');
const code = await runCli(process.argv.slice(2));
// Flushes the output: `process.exit` does not wait for a slow reader.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit(code);
