import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode(process.env);
const { runCli } = await import('./command/run-cli.ts');
process.exit(await runCli(process.argv.slice(2)));
