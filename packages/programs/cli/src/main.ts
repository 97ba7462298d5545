import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode(process.env);
const { runCli } = await import('./command/run-cli.ts');
const code = await runCli(process.argv.slice(2));
// An exit does not wait for a reader that is slower than the command.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit(code);
